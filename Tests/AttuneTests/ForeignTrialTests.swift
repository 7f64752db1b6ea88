import AttuneCore
import AttuneStrategies
import Foundation
import Testing

@testable import Attune
@testable import AttuneStorage

/// Studies that another program works on too; it writes as Optuna 5 does.
@Suite("Another program in the same database")
struct ForeignTrialTests {
  private static let x =
    #"{"name": "FloatDistribution", "attributes": {"step": null, "low": -1.0, "high": 1.0, "log": false}}"#
  private static let k =
    #"{"name": "CategoricalDistribution", "attributes": {"choices": ["a", null, 2.5]}}"#

  /// A database as Optuna makes it, with three trials of two parameters.
  private static func optunaStudy() throws -> String {
    let path = try Samples.path("optuna")
    let connection = try Samples.connection(path, creates: true)
    try connection.runScript(connection.dialect.optunaTables)
    try connection.runScript(
      """
      INSERT INTO version_info VALUES(1,12,'5.0.0');
      INSERT INTO alembic_version VALUES('v3.2.0.a');
      INSERT INTO studies (study_name) VALUES('theirs');
      INSERT INTO study_directions (direction, study_id, objective) VALUES('MAXIMIZE',1,0);
      INSERT INTO trials (number, study_id, state, datetime_start, datetime_complete)
        VALUES(0,1,'COMPLETE','2026-11-28 13:00:26.569856','2026-11-28 13:00:27');
      INSERT INTO trials (number, study_id, state, datetime_start, datetime_complete)
        VALUES(1,1,'PRUNED','2026-11-28 13:00:28','2026-11-28 13:00:29.25');
      INSERT INTO trials (number, study_id, state, datetime_start, datetime_complete)
        VALUES(2,1,'FAIL','2026-11-28 13:00:30','2026-11-28 13:00:31');
      INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json)
        VALUES(1,'x',0.5,'\(x)');
      INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json)
        VALUES(1,'k',2.0,'\(k)');
      INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json)
        VALUES(2,'x',-0.25,'\(x)');
      INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json)
        VALUES(2,'k',1.0,'\(k)');
      INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES(1,0,NULL,'INF_POS');
      INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES(2,0,0.75,'FINITE');
      INSERT INTO trial_intermediate_values
        (trial_id, step, intermediate_value, intermediate_value_type) VALUES(2,3,NULL,'NAN');
      INSERT INTO trial_intermediate_values
        (trial_id, step, intermediate_value, intermediate_value_type) VALUES(2,4,0.75,'FINITE');
      INSERT INTO trial_user_attributes (trial_id, key, value_json) VALUES(1,'note','{"a": NaN}');
      INSERT INTO trial_system_attributes (trial_id, key, value_json) VALUES(1,'constraints','[-1.0, 0.5]');
      """)
    return path
  }

  @Test("a study that Optuna made opens as define-by-run with all its trials, and goes on")
  func adopted() throws {
    let path = try Self.optunaStudy()
    #expect(try Study.summaries(storage: path).map(\.trialCount) == [3])
    let study = try Study.open(storage: path)
    #expect(study.name == "theirs" && study.isDefineByRun && study.directions == [.maximize])
    #expect(study.strategyName == StrategyCatalog.standardName)
    let records = try study.trials().records
    #expect(records.map(\.state) == [.complete, .pruned, .fail])
    #expect(records.map(\.origin) == [.foreign, .foreign, .foreign])
    #expect(records[0].values == [.infinity] && records[1].values == [0.75])
    #expect(JSON(params: records[0].params) == ["x": 0.5, "k": 2.5])
    #expect(records[1]["k"] == .null)
    #expect(records[0].constraints.map(\.value) == [-1, 0.5])
    #expect(records[0].attributes.map(\.key) == ["note"])
    #expect(records[1].reports.all.map(\.step) == [3, 4])
    #expect(records[1].started == Timestamp.microseconds("2026-11-28 13:00:28"))
    let trial = try study.ask()
    #expect(trial.number == 3)
    let x = try trial.suggestFloat("x", low: -1, high: 1)
    try study.tell(trial, values: [x])
    // The seed was recorded: who opens it next goes on the same.
    let again = try Study.open(storage: path)
    #expect(again.seed == study.seed)
    #expect(try again.exportJSON() == study.exportJSON())
  }

  @Test("what Optuna does to a study of ours is taken in once, in one order for all")
  func live() throws {
    let path = try Samples.path()
    let a = try Samples.study(storage: path)
    let b = try Study.open(storage: path)
    try a.step()
    try Samples.run(
      """
      INSERT INTO trials (number, study_id, state, datetime_start, datetime_complete)
        VALUES(1,1,'RUNNING','2026-11-28 13:00:26',NULL);
      INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json)
        VALUES(2,'x',0.5,'\(Self.x)');
      INSERT INTO trials (number, study_id, state, datetime_start, datetime_complete)
        VALUES(2,1,'WAITING',NULL,NULL);
      INSERT INTO trial_system_attributes (trial_id, key, value_json) VALUES(3,'fixed_params','{"x": 0.125}');
      """, on: path)
    #expect(try b.trials().records.map(\.state) == [.complete, .running, .waiting])
    // Its enqueued trial is as good as one of ours.
    let popped = try a.ask()
    #expect(popped.number == 2)
    #expect(try popped.float("x") == 0.125)
    try Samples.run(
      """
      INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES(2,0,-3.5,'FINITE');
      UPDATE trials SET state = 'COMPLETE', datetime_complete = '2026-11-28 13:00:30' WHERE trial_id = 2;
      UPDATE trials SET state = 'FAIL' WHERE trial_id = 3;
      """, on: path)
    let error = thrownError { () throws(AttuneError) in try a.tell(popped, values: [1]) }
    #expect(error?.message == "trial 2 is FAIL already, wanted RUNNING")
    #expect(try b.trials().records.map(\.state) == [.complete, .complete, .fail])
    #expect(try b.trials()[2].failure?.reason == "ended by another program")
    #expect(try a.bestTrials().numbers == [1])
    #expect(try a.trials()[1]["x"] == .float(0.5))
    #expect(try a.exportJSON() == b.exportJSON())
    #expect(try Study.open(storage: path).exportJSON() == a.exportJSON())
  }

  @Test(
    "a trial that does not fit the space is kept and counted, and strategies do not see it",
    arguments: [
      ("x", "5.0", x.replacingOccurrences(of: "1.0", with: "9.0")), ("y", "0.5", x),
      ("x", "1.0", k), ("x", "9.0", k), ("x", "0.5", "garbage"),
    ])
  func unfitting(name: String, value: String, distribution: String) throws {
    let path = try Samples.path()
    let study = try Samples.study(strategy: "tpe", storage: path)
    for _ in 0..<12 {
      try study.step()
    }
    try Samples.run(
      """
      INSERT INTO trials (number, study_id, state, datetime_start, datetime_complete)
        VALUES(12,1,'COMPLETE','2026-11-28 13:00:26','2026-11-28 13:00:27');
      INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json)
        VALUES(13,'\(name)',\(value),'\(distribution)');
      INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES(13,0,-99.5,'FINITE');
      """, on: path)
    #expect(try study.bestTrials().numbers == [12])
    #expect(try study.trials()[12].values == [-99.5])
    try Self.roundTrips(study, name: name)
    #expect(try study.ask().number == 13)
    #expect(try Study.open(storage: path).trials().records.map(\.state).last == .running)
  }

  /// The trial 12 that does not fit comes back the same from every form.
  private static func roundTrips(_ study: Study, name: String) throws {
    let text = try study.exportJSON()
    let record = try study.trials()[12]
    let journal = try study.exportOptunaJournal()
    let other = try Samples.path("copy")
    let copies = [
      try Study.importJSON(text, storage: nil),
      try Study.importJSON(text, storage: Samples.path("imported")),
      try Study.importOptunaJournal(journal, path: "a.log", storage: nil) { $0 }[0],
      try study.copy(to: other), try Study.open(storage: other),
    ]
    for copy in copies {
      #expect(try copy.trials()[12].json.text() == record.json.text())
      #expect(try copy.bestTrials().numbers == [12])
      #expect(try copy.exportJSON() == text)
      // Its strategy sees what that of the study sees.
      #expect(try copy.trials().history.eventCount == study.trials().history.eventCount)
    }
    let rows = try study.exportCSV().split(separator: "\n")
    #expect(rows.count == 14 && rows[13].contains("-99.5"))
    #expect(rows[0].contains("params_\(name)"))
    let connection = try Samples.connection(other)
    let params = try connection.int(
      "SELECT COUNT(*) FROM trial_params WHERE trial_id = 13 AND param_name = '\(name)'")
    #expect(params == Int64(record.params.count))
  }

  @Test("an enqueued trial that Optuna pops is Optuna's")
  func poppedElsewhere() throws {
    let path = try Samples.path()
    let study = try Samples.study(storage: path)
    try study.enqueue([("x", .float(0.25))])
    try study.enqueue([("x", .float(0.5))])
    try Samples.run("UPDATE trials SET state = 'RUNNING' WHERE trial_id = 1", on: path)
    #expect(try study.ask().number == 1)
    #expect(try study.ask().number == 2)
    try Samples.run(
      """
      INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json)
        VALUES(1,'x',0.25,'\(Self.x)');
      INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES(1,0,1.5,'FINITE');
      UPDATE trials SET state = 'COMPLETE' WHERE trial_id = 1;
      """, on: path)
    #expect(try study.trials()[0].values == [1.5])
    #expect(try study.trials()[0].origin == .foreign)
  }
}
