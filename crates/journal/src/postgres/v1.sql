-- Version 1. Rows are those of the SQLite engine, so that a store can move either way.
--
-- head: the one row that every writing transaction locks, so that numbers come in commit order. It also says who
-- wrote last, so that a writer knows whether anybody has written since.
CREATE TABLE grunndata.head (
    one boolean PRIMARY KEY CHECK (one),
    seq bigint NOT NULL,
    writer uuid,
    batch bigint NOT NULL
) WITH (fillfactor = 50);
INSERT INTO grunndata.head (one, seq, batch) VALUES (true, 0, 0);

-- writers: each running writer's last transaction. Who lost the connection while committing looks here.
CREATE TABLE grunndata.writers (
    writer uuid PRIMARY KEY,
    batch bigint NOT NULL,
    seen timestamptz NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE grunndata.names (
    number bigint PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('collection', 'feed', 'space')),
    name text NOT NULL,
    UNIQUE (kind, name)
);

CREATE SEQUENCE grunndata.dictionary_numbers;
CREATE TABLE grunndata.dictionaries (
    number bigint PRIMARY KEY CHECK (number > 0),
    collection bigint NOT NULL REFERENCES grunndata.names (number),
    content bytea NOT NULL
);

-- versions: newest first within a document, so that "now" is the first row met. Bodies are compressed already.
CREATE TABLE grunndata.versions (
    collection bigint NOT NULL,
    id bigint NOT NULL,
    seq bigint NOT NULL,
    at bigint NOT NULL,
    removed_seq bigint,
    removed_at bigint,
    coding bigint NOT NULL,
    body bytea NOT NULL
);
ALTER TABLE grunndata.versions ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX versions_key ON grunndata.versions (collection, id, seq DESC);
ALTER TABLE grunndata.versions REPLICA IDENTITY USING INDEX versions_key;

-- events: number, at and seq all rise with position, so a search by halves replaces three indexes.
CREATE TABLE grunndata.events (
    feed bigint NOT NULL,
    position bigint NOT NULL,
    number bigint NOT NULL,
    at bigint NOT NULL,
    seq bigint NOT NULL,
    subject bigint NOT NULL,
    kind smallint NOT NULL,
    PRIMARY KEY (feed, position)
);
CREATE INDEX events_about ON grunndata.events (feed, subject, position);

CREATE TABLE grunndata.records (
    space bigint NOT NULL,
    key bytea NOT NULL,
    value bytea NOT NULL,
    seq bigint NOT NULL,
    PRIMARY KEY (space, key)
);
