-- The schema for one kind of unit; :tabell is its name, :linjer the file with one record a line.
-- Made and filled in one transaction: with wal_level=minimal PostgreSQL then writes no log for it.
CREATE TABLE :tabell (
  doc jsonb NOT NULL,
  orgnr int GENERATED ALWAYS AS ((doc->>'organisasjonsnummer')::int) STORED,
  navn text GENERATED ALWAYS AS (doc->>'navn') STORED,
  navn_ord tsvector GENERATED ALWAYS AS (to_tsvector('simple', brett(doc->>'navn'))) STORED,
  adresse_ord tsvector GENERATED ALWAYS AS (to_tsvector('simple', brett(doc#>>'{forretningsadresse,adresse}'))) STORED,
  form text GENERATED ALWAYS AS (doc#>>'{organisasjonsform,kode}') STORED,
  overordnet text GENERATED ALWAYS AS (doc->>'overordnetEnhet') STORED,
  hjemmeside text GENERATED ALWAYS AS (lower(doc->>'hjemmeside')) STORED,
  ansatte int GENERATED ALWAYS AS (coalesce((doc->>'antallAnsatte')::int, (doc->>'harRegistrertAntallAnsatte')::boolean::int, 0)) STORED,
  kommune text GENERATED ALWAYS AS (coalesce(doc#>>'{forretningsadresse,kommunenummer}', doc#>>'{beliggenhetsadresse,kommunenummer}')) STORED,
  kommunenavn text GENERATED ALWAYS AS (coalesce(doc#>>'{forretningsadresse,kommune}', doc#>>'{beliggenhetsadresse,kommune}')) STORED,
  postnummer text GENERATED ALWAYS AS (coalesce(doc#>>'{forretningsadresse,postnummer}', doc#>>'{beliggenhetsadresse,postnummer}')) STORED,
  post_kommune text GENERATED ALWAYS AS (doc#>>'{postadresse,kommunenummer}') STORED,
  post_kommunenavn text GENERATED ALWAYS AS (doc#>>'{postadresse,kommune}') STORED,
  post_land text GENERATED ALWAYS AS (doc#>>'{postadresse,landkode}') STORED,
  naering1 text GENERATED ALWAYS AS (doc#>>'{naeringskode1,kode}') STORED,
  naering2 text GENERATED ALWAYS AS (doc#>>'{naeringskode2,kode}') STORED,
  naering3 text GENERATED ALWAYS AS (doc#>>'{naeringskode3,kode}') STORED,
  koder text[] GENERATED ALWAYS AS (nivaaer(doc)) STORED,
  sektor text GENERATED ALWAYS AS (doc#>>'{institusjonellSektorkode,kode}') STORED,
  regnskap text GENERATED ALWAYS AS (doc->>'sisteInnsendteAarsregnskap') STORED,
  mva boolean GENERATED ALWAYS AS ((doc->>'registrertIMvaregisteret')::boolean) STORED,
  foretak boolean GENERATED ALWAYS AS ((doc->>'registrertIForetaksregisteret')::boolean) STORED,
  stiftelse boolean GENERATED ALWAYS AS ((doc->>'registrertIStiftelsesregisteret')::boolean) STORED,
  frivillighet boolean GENERATED ALWAYS AS ((doc->>'registrertIFrivillighetsregisteret')::boolean) STORED,
  konkurs boolean GENERATED ALWAYS AS ((doc->>'konkurs')::boolean) STORED,
  avvikling boolean GENERATED ALWAYS AS ((doc->>'underAvvikling')::boolean) STORED,
  tvang boolean GENERATED ALWAYS AS ((doc->>'underTvangsavviklingEllerTvangsopplosning')::boolean) STORED,
  registrert date GENERATED ALWAYS AS (dato(doc->>'registreringsdatoEnhetsregisteret')) STORED,
  stiftet date GENERATED ALWAYS AS (dato(doc->>'stiftelsesdato')) STORED,
  oppstart date GENERATED ALWAYS AS (dato(doc->>'oppstartsdato')) STORED
);
\set kopi '\\copy ' :tabell '(doc) FROM ''' :linjer ''' WITH (FREEZE)'
:kopi
ALTER TABLE :tabell ADD PRIMARY KEY (orgnr);
-- Filters: the name follows, so that a page in the order of names is read straight from the index.
CREATE INDEX ON :tabell (form, navn COLLATE "nb-NO-x-icu", orgnr);
CREATE INDEX ON :tabell (postnummer, navn COLLATE "nb-NO-x-icu", orgnr);
CREATE INDEX ON :tabell (post_land, navn COLLATE "nb-NO-x-icu", orgnr);
CREATE INDEX ON :tabell (kommune, navn COLLATE "nb-NO-x-icu", orgnr);
CREATE INDEX ON :tabell (post_kommune, navn COLLATE "nb-NO-x-icu", orgnr);
CREATE INDEX ON :tabell (sektor, navn COLLATE "nb-NO-x-icu", orgnr);
CREATE INDEX ON :tabell (regnskap, navn COLLATE "nb-NO-x-icu", orgnr);
CREATE INDEX ON :tabell (konkurs, navn COLLATE "nb-NO-x-icu", orgnr);
CREATE INDEX ON :tabell (mva, navn COLLATE "nb-NO-x-icu", orgnr);
CREATE INDEX ON :tabell (foretak, navn COLLATE "nb-NO-x-icu", orgnr);
CREATE INDEX ON :tabell (ansatte, orgnr);
CREATE INDEX ON :tabell (registrert, orgnr);
CREATE INDEX ON :tabell (stiftet, orgnr);
CREATE INDEX ON :tabell USING gin (koder);
CREATE INDEX ON :tabell USING gin (navn_ord);
CREATE INDEX ON :tabell USING gin (adresse_ord);
CREATE INDEX ON :tabell USING gin (navn gin_trgm_ops);
