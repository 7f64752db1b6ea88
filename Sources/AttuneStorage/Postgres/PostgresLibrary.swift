import AttuneCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The functions of libpq, which is opened when the first PostgreSQL storage is: nobody else needs it.
struct PostgresLibrary: Sendable {
  typealias Connection = OpaquePointer
  typealias Result = OpaquePointer
  typealias Text = UnsafePointer<CChar>
  typealias NoticeReceiver = @convention(c) (UnsafeMutableRawPointer?, Result?) -> Void
  typealias Texts = UnsafePointer<Text?>

  let connect: @convention(c) (Texts?, Texts?, Int32) -> Connection?
  let status: @convention(c) (Connection?) -> Int32
  let errorMessage: @convention(c) (Connection?) -> Text?
  let finish: @convention(c) (Connection?) -> Void
  let execute: @convention(c) (Connection?, Text) -> Result?
  let prepare: @convention(c) (Connection?, Text, Text, Int32, UnsafePointer<UInt32>?) -> Result?
  let executePrepared:
    @convention(c) (
      Connection?, Text, Int32, Texts?, UnsafePointer<Int32>?, UnsafePointer<Int32>?, Int32
    ) -> Result?
  let resultStatus: @convention(c) (Result?) -> Int32
  let resultErrorField: @convention(c) (Result?, Int32) -> Text?
  let resultErrorMessage: @convention(c) (Result?) -> Text?
  let rowCount: @convention(c) (Result?) -> Int32
  let isNull: @convention(c) (Result?, Int32, Int32) -> Int32
  let value: @convention(c) (Result?, Int32, Int32) -> Text?
  let length: @convention(c) (Result?, Int32, Int32) -> Int32
  let changedRows: @convention(c) (Result?) -> Text?
  let clear: @convention(c) (Result?) -> Void
  let transactionStatus: @convention(c) (Connection?) -> Int32
  let socket: @convention(c) (Connection?) -> Int32
  let consumeInput: @convention(c) (Connection?) -> Int32
  let notifications: @convention(c) (Connection?) -> UnsafeMutableRawPointer?
  let setNoticeReceiver:
    @convention(c) (Connection?, NoticeReceiver?, UnsafeMutableRawPointer?) -> UnsafeRawPointer?
  let free: @convention(c) (UnsafeMutableRawPointer?) -> Void

  /// The library, opened once. `notSupported` where there is none.
  static func open() throws(AttuneError) -> PostgresLibrary { try opened.get() }

  private static let opened: Swift.Result<PostgresLibrary, AttuneError> = {
    () -> Swift.Result<PostgresLibrary, AttuneError> in
    do throws(AttuneError) {
      return .success(try PostgresLibrary())
    } catch {
      return .failure(error)
    }
  }()

  /// Where libpq is looked for: by the loader first, then where packages outside its path put it.
  private static var candidates: [String] {
    if let path = getenv("ATTUNE_LIBPQ") { return [String(cString: path)] }
    #if canImport(Darwin)
      return [
        "libpq.5.dylib", "/opt/homebrew/opt/libpq/lib/libpq.5.dylib",
        "/usr/local/opt/libpq/lib/libpq.5.dylib",
      ]
    #else
      return [
        "libpq.so.5", "/usr/lib/x86_64-linux-gnu/libpq.so.5",
        "/usr/lib/aarch64-linux-gnu/libpq.so.5",
        "/usr/lib64/libpq.so.5", "/usr/lib/libpq.so.5", "/usr/local/lib/libpq.so.5",
        "/usr/local/pgsql/lib/libpq.so.5",
      ]
    #endif
  }

  private init() throws(AttuneError) {
    var library: UnsafeMutableRawPointer?
    for path in Self.candidates where library == nil {
      library = dlopen(path, RTLD_NOW | RTLD_LOCAL)
    }
    guard let library else {
      throw AttuneError(
        .notSupported,
        "PostgreSQL storages need libpq, which is not installed: apt-get install libpq5, dnf install "
          + "libpq or brew install libpq; ATTUNE_LIBPQ names a file elsewhere", subject: "storage")
    }
    func find<Function>(_ name: String, _: Function.Type) throws(AttuneError) -> Function {
      guard let symbol = dlsym(library, name) else {
        throw AttuneError(
          .notSupported, "libpq lacks \(name), wanted one of PostgreSQL 10 or later",
          subject: "storage")
      }
      return unsafeBitCast(symbol, to: Function.self)
    }
    connect = try find(
      "PQconnectdbParams", (@convention(c) (Texts?, Texts?, Int32) -> Connection?).self)
    status = try find("PQstatus", (@convention(c) (Connection?) -> Int32).self)
    errorMessage = try find("PQerrorMessage", (@convention(c) (Connection?) -> Text?).self)
    finish = try find("PQfinish", (@convention(c) (Connection?) -> Void).self)
    execute = try find("PQexec", (@convention(c) (Connection?, Text) -> Result?).self)
    prepare = try find(
      "PQprepare",
      (@convention(c) (Connection?, Text, Text, Int32, UnsafePointer<UInt32>?) -> Result?).self)
    executePrepared = try find(
      "PQexecPrepared",
      (@convention(c) (
        Connection?, Text, Int32, Texts?, UnsafePointer<Int32>?, UnsafePointer<Int32>?, Int32
      ) -> Result?).self)
    resultStatus = try find("PQresultStatus", (@convention(c) (Result?) -> Int32).self)
    resultErrorField = try find(
      "PQresultErrorField", (@convention(c) (Result?, Int32) -> Text?).self)
    resultErrorMessage = try find(
      "PQresultErrorMessage", (@convention(c) (Result?) -> Text?).self)
    rowCount = try find("PQntuples", (@convention(c) (Result?) -> Int32).self)
    isNull = try find("PQgetisnull", (@convention(c) (Result?, Int32, Int32) -> Int32).self)
    value = try find("PQgetvalue", (@convention(c) (Result?, Int32, Int32) -> Text?).self)
    length = try find("PQgetlength", (@convention(c) (Result?, Int32, Int32) -> Int32).self)
    changedRows = try find("PQcmdTuples", (@convention(c) (Result?) -> Text?).self)
    clear = try find("PQclear", (@convention(c) (Result?) -> Void).self)
    transactionStatus = try find(
      "PQtransactionStatus", (@convention(c) (Connection?) -> Int32).self)
    socket = try find("PQsocket", (@convention(c) (Connection?) -> Int32).self)
    consumeInput = try find("PQconsumeInput", (@convention(c) (Connection?) -> Int32).self)
    notifications = try find(
      "PQnotifies", (@convention(c) (Connection?) -> UnsafeMutableRawPointer?).self)
    setNoticeReceiver = try find(
      "PQsetNoticeReceiver",
      (@convention(c) (Connection?, NoticeReceiver?, UnsafeMutableRawPointer?) -> UnsafeRawPointer?)
        .self)
    free = try find("PQfreemem", (@convention(c) (UnsafeMutableRawPointer?) -> Void).self)
  }
}

/// Numbers of libpq's headers.
enum PostgresCode {
  static let connectionIsGood: Int32 = 0
  static let commandDone: Int32 = 1
  static let rowsFollow: Int32 = 2
  static let transactionIdle: Int32 = 0
  static let transactionUnknown: Int32 = 4
  /// The field of a result that has the five letters of SQLSTATE.
  static let sqlState = Int32(UInt8(ascii: "C"))
  static let primaryMessage = Int32(UInt8(ascii: "M"))
}
