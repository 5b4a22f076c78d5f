-- +goose Up
-- Searching shows by any part of a word, in Korean as well, where words are not parted: an index of all pairs of neighbouring
-- characters finds the few shows that may match, and LIKE looks at these. It needs no extension.

-- The single characters and the pairs of a text, each once, without spaces. What a text is made of contains what each part of it is made of.
-- +goose StatementBegin
CREATE FUNCTION search_grams(t text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
BEGIN
    RETURN (
    SELECT coalesce(array_agg(DISTINCT g), '{}')
      FROM generate_series(1, length(t)) i, unnest(ARRAY[substr(t, i, 1), substr(t, i, 2)]) g
     WHERE g !~ '\s');
END $$;
-- +goose StatementEnd

ALTER TABLE shows
    ADD COLUMN search text   NOT NULL DEFAULT '',   -- what words are looked for in, in lower case
    ADD COLUMN facets text[] NOT NULL DEFAULT '{}'; -- city:, category: and tag:, in lower case

-- +goose StatementBegin
CREATE FUNCTION describe_show() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT lower(concat_ws(E'\n', NEW.title_en, NEW.title_ko, v.name_en, v.name_ko, v.city_en, v.city_ko)),
           ARRAY['city:' || lower(v.city_en), 'city:' || lower(v.city_ko), 'category:' || lower(NEW.category)]
           || ARRAY(SELECT 'tag:' || lower(t) FROM unnest(NEW.tags) t)
      INTO NEW.search, NEW.facets
      FROM layouts y JOIN venues v ON v.id = y.venue_id WHERE y.id = NEW.layout_id;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER shows_described BEFORE INSERT OR UPDATE OF title_en, title_ko, category, tags, layout_id ON shows
    FOR EACH ROW EXECUTE FUNCTION describe_show();

-- A venue that is renamed is found by its new name.
-- +goose StatementBegin
CREATE FUNCTION describe_shows_of_venue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE shows SET layout_id = layout_id WHERE layout_id IN (SELECT id FROM layouts WHERE venue_id = NEW.id);
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER venues_described AFTER UPDATE OF name_en, name_ko, city_en, city_ko ON venues
    FOR EACH ROW EXECUTE FUNCTION describe_shows_of_venue();

UPDATE shows SET layout_id = layout_id;
-- Shows are entered seldom and searched for all the time, so nothing is left pending.
CREATE INDEX shows_search ON shows USING gin (search_grams(search), facets) WITH (fastupdate = off);
CREATE INDEX shows_by_start ON shows (starts_at, id) WHERE status = 'published';
CREATE INDEX layouts_venue ON layouts (venue_id);
CREATE INDEX shows_layout ON shows (layout_id);
