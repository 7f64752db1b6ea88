import AttuneCore

/// The error that `body` throws, or `nil` when it returns.
func thrownError<T>(by body: () throws(AttuneError) -> T) -> AttuneError? {
  do throws(AttuneError) {
    _ = try body()
    return nil
  } catch {
    return error
  }
}

/// The text of the error that `body` throws, or "" when it returns.
func message<T>(of body: () throws(AttuneError) -> T) -> String {
  thrownError(by: body)?.message ?? ""
}
