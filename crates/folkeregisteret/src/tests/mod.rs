//! The model and the packages against the sheet's own tables (`data/`), which the code under test does not read.

mod fabrikk;
mod forventet;
mod hendelser;
mod logg;
mod matrise;
mod modell;
mod rundtur;
mod skjema;
mod tabeller;
mod tjenester;
mod vern;
mod xsd;
