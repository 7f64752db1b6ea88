import AttuneCore
import Foundation

@testable import AttuneStorage

/// The server that postgres.sh started for these tests.
enum PostgresServer {
  static let url = ProcessInfo.processInfo.environment["ATTUNE_TEST_POSTGRES"]
  static var isThere: Bool { url != nil }

  static func connect(_ url: String) throws(AttuneError) -> PostgresConnection {
    let address = try StorageAddress(url)
    guard case .postgresql(let connection) = address.place else {
      throw AttuneError(.notFound, "\(url) names no server")
    }
    return try PostgresConnection(PostgresURL(connection, place: address.shown))
  }

  static func connect() throws(AttuneError) -> PostgresConnection {
    try connect(url ?? "")
  }

  /// The URL of a schema of its own.
  static func fresh() throws(AttuneError) -> String {
    let id = UUID().uuidString
    try connect().runScript("CREATE SCHEMA \"\(id)\"")
    return (url ?? "") + "?options=-csearch_path%3D%22\(id)%22"
  }

  /// Stops, kills or starts it.
  static func control(_ verb: String) throws {
    let program = ProcessInfo.processInfo.environment["ATTUNE_TEST_POSTGRES_CONTROL"] ?? ""
    // Not by Foundation's Process, which waits for the server too: it is a child's child.
    let status = system("\(program) \(verb)")
    guard status == 0 else {
      throw AttuneError(.io, "\(program) \(verb) ended with \(status)")
    }
  }
}
