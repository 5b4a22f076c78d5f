-- +goose Up
-- A layout that is published never changes, so that what an order says of a seat stays true; it is cloned to the next version instead.

CREATE UNIQUE INDEX seats_guid ON seats (layout_id, guid) WHERE guid IS NOT NULL;
CREATE INDEX seats_section ON seats (section_id);

-- +goose StatementBegin
CREATE FUNCTION refuse_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM changed c JOIN layouts y ON y.id = c.layout_id WHERE y.status = 'published') THEN
        RAISE EXCEPTION 'a published layout never changes' USING ERRCODE = 'check_violation', CONSTRAINT = 'layout_published';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- Statement triggers: one look for the thousands of seats of a statement. A trigger with a transition table is for one kind of statement only.
CREATE TRIGGER sections_entered AFTER INSERT ON sections REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_published();
CREATE TRIGGER sections_changed AFTER UPDATE ON sections REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_published();
CREATE TRIGGER sections_removed AFTER DELETE ON sections REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_published();
CREATE TRIGGER seats_entered AFTER INSERT ON seats REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_published();
CREATE TRIGGER seats_changed AFTER UPDATE ON seats REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_published();
CREATE TRIGGER seats_removed AFTER DELETE ON seats REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_published();

-- +goose StatementBegin
CREATE FUNCTION refuse_published_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published layout never changes' USING ERRCODE = 'check_violation', CONSTRAINT = 'layout_published';
END $$;
-- +goose StatementEnd
CREATE TRIGGER layouts_changed BEFORE UPDATE OR DELETE ON layouts
    FOR EACH ROW WHEN (OLD.status = 'published') EXECUTE FUNCTION refuse_published_row();
