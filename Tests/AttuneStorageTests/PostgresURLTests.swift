import Testing

@testable import AttuneStorage

@Suite("PostgreSQL URLs")
struct PostgresURLTests {
  @Test(
    "no part of a password is in what is shown",
    arguments: [
      ("postgresql://u:secret@h:5432/db", "secret"),
      ("postgresql+psycopg2://u:p%40ss%3Aw@h/db?sslmode=require", "p@ss:w"),
      ("postgres://u:p%40ss%3Aw@h/db", "p%40ss%3Aw"),
      ("postgresql://u:se@cret@h/db", "se@cret"),
      ("postgresql://h/db?user=u&password=secret", "secret"),
    ])
  func passwords(text: String, password: String) throws {
    let address = try StorageAddress(text)
    guard case .postgresql(let connection) = address.place else {
      Issue.record("\(text) is no address of PostgreSQL")
      return
    }
    let url = PostgresURL(connection, place: address.shown)
    #expect(url.connection.hasPrefix("postgresql://"))
    #expect(!url.place.contains(password))
    #expect(
      url.shown("could not use \"\(password)\"\n\tor \(password)\n")
        == "could not use \"***\"; or ***")
  }

  @Test("what is said stays as it is where there is no password")
  func noPassword() {
    #expect(PostgresURL("postgresql:///db", place: "").shown("FATAL: no\n") == "FATAL: no")
  }
}
