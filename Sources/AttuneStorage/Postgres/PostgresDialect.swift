/// SQL as PostgreSQL has it.
struct PostgresDialect: SQLDialect {
  var name: String { "PostgreSQL" }

  var integrityCheck: String? { nil }

  var needsHeartbeats: Bool { true }

  var tableNames: String {
    "SELECT tablename::text FROM pg_catalog.pg_tables WHERE schemaname = ANY (current_schemas(false))"
  }

  func isListed(_ number: String, in parameter: String) -> String {
    "\(number) = ANY (ARRAY(SELECT json_array_elements_text(\(parameter)::json)::integer))"
  }

  /// Optuna ends trials without the lock of their study. It may go on adding to them meanwhile.
  var lockingRows: String { " FOR NO KEY UPDATE" }

  /// In the time zone of the session, as Optuna writes heartbeats; not the start of the transaction, which
  /// may have waited for a lock since.
  var now: String { "clock_timestamp()::timestamp" }

  func secondsSince(_ time: String) -> String {
    "EXTRACT(EPOCH FROM (\(now) - \(time)))::double precision"
  }

  /// One creator at a time: types and tables of two would collide.
  private static let alone = "SELECT pg_advisory_xact_lock(4711202611);\n"

  var optunaTables: String {
    Self.alone + """
      CREATE TYPE studydirection AS ENUM ('NOT_SET', 'MINIMIZE', 'MAXIMIZE');
      CREATE TYPE trialstate AS ENUM ('RUNNING', 'COMPLETE', 'PRUNED', 'FAIL', 'WAITING');
      CREATE TYPE trialvaluetype AS ENUM ('FINITE', 'INF_POS', 'INF_NEG');
      CREATE TYPE trialintermediatevaluetype AS ENUM ('FINITE', 'INF_POS', 'INF_NEG', 'NAN');
      CREATE TABLE studies (
        study_id SERIAL NOT NULL,
        study_name VARCHAR(512) NOT NULL,
        PRIMARY KEY (study_id)
      );
      CREATE UNIQUE INDEX ix_studies_study_name ON studies (study_name);
      CREATE TABLE version_info (
        version_info_id INTEGER NOT NULL,
        schema_version INTEGER,
        library_version VARCHAR(256),
        PRIMARY KEY (version_info_id),
        CHECK (version_info_id=1)
      );
      CREATE TABLE study_directions (
        study_direction_id SERIAL NOT NULL,
        direction studydirection NOT NULL,
        study_id INTEGER NOT NULL,
        objective INTEGER NOT NULL,
        PRIMARY KEY (study_direction_id),
        UNIQUE (study_id, objective),
        FOREIGN KEY(study_id) REFERENCES studies (study_id)
      );
      CREATE TABLE trials (
        trial_id SERIAL NOT NULL,
        number INTEGER,
        study_id INTEGER,
        state trialstate NOT NULL,
        datetime_start TIMESTAMP WITHOUT TIME ZONE,
        datetime_complete TIMESTAMP WITHOUT TIME ZONE,
        PRIMARY KEY (trial_id),
        FOREIGN KEY(study_id) REFERENCES studies (study_id)
      );
      CREATE INDEX ix_trials_study_id ON trials (study_id);
      CREATE TABLE trial_params (
        param_id SERIAL NOT NULL,
        trial_id INTEGER,
        param_name VARCHAR(512),
        param_value FLOAT(53),
        distribution_json TEXT,
        PRIMARY KEY (param_id),
        UNIQUE (trial_id, param_name),
        FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
      );
      CREATE TABLE trial_values (
        trial_value_id SERIAL NOT NULL,
        trial_id INTEGER NOT NULL,
        objective INTEGER NOT NULL,
        value FLOAT(53),
        value_type trialvaluetype NOT NULL,
        PRIMARY KEY (trial_value_id),
        UNIQUE (trial_id, objective),
        FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
      );
      CREATE TABLE trial_intermediate_values (
        trial_intermediate_value_id SERIAL NOT NULL,
        trial_id INTEGER NOT NULL,
        step INTEGER NOT NULL,
        intermediate_value FLOAT(53),
        intermediate_value_type trialintermediatevaluetype NOT NULL,
        PRIMARY KEY (trial_intermediate_value_id),
        UNIQUE (trial_id, step),
        FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
      );
      CREATE TABLE trial_heartbeats (
        trial_heartbeat_id SERIAL NOT NULL,
        trial_id INTEGER NOT NULL,
        heartbeat TIMESTAMP WITHOUT TIME ZONE NOT NULL,
        PRIMARY KEY (trial_heartbeat_id),
        UNIQUE (trial_id),
        FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
      );
      CREATE TABLE alembic_version (
        version_num VARCHAR(32) NOT NULL,
        CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
      );

      """
      + Self.attributeTable("study", "studies") + Self.attributeTable("trial", "trials")
  }

  /// The tables of user and system attributes of studies or trials, which differ in their names.
  private static func attributeTable(_ noun: String, _ owners: String) -> String {
    ["user", "system"].map { kind in
      """
      CREATE TABLE \(noun)_\(kind)_attributes (
        \(noun)_\(kind)_attribute_id SERIAL NOT NULL,
        \(noun)_id INTEGER,
        key VARCHAR(512),
        value_json TEXT,
        PRIMARY KEY (\(noun)_\(kind)_attribute_id),
        UNIQUE (\(noun)_id, key),
        FOREIGN KEY(\(noun)_id) REFERENCES \(owners) (\(noun)_id)
      );

      """
    }.joined()
  }

  /// The trigger wakes those who wait for others' events.
  var attuneTables: String {
    Self.alone + """
      CREATE TABLE attune_studies (
        study_id INTEGER NOT NULL PRIMARY KEY,
        format INTEGER NOT NULL,
        definition_json TEXT NOT NULL,
        FOREIGN KEY(study_id) REFERENCES studies (study_id)
      );
      CREATE TABLE attune_workers (
        worker_id SERIAL NOT NULL PRIMARY KEY,
        study_id INTEGER NOT NULL,
        host TEXT NOT NULL,
        boot TEXT NOT NULL,
        pid INTEGER NOT NULL,
        process_start BIGINT NOT NULL,
        heartbeat TIMESTAMP WITHOUT TIME ZONE NOT NULL,
        FOREIGN KEY(study_id) REFERENCES studies (study_id)
      );
      CREATE INDEX ix_attune_workers_study_id ON attune_workers (study_id);
      CREATE TABLE attune_events (
        study_id INTEGER NOT NULL,
        event_id BIGINT NOT NULL,
        trial_id INTEGER,
        worker_id INTEGER,
        event TEXT NOT NULL,
        PRIMARY KEY (study_id, event_id)
      );
      CREATE FUNCTION attune_notify() RETURNS trigger LANGUAGE plpgsql AS $attune$
      BEGIN
        PERFORM pg_notify('attune_events', NEW.study_id::text);
        RETURN NULL;
      END
      $attune$;
      CREATE TRIGGER attune_events_notify AFTER INSERT ON attune_events
        FOR EACH ROW EXECUTE PROCEDURE attune_notify();

      """
  }
}
