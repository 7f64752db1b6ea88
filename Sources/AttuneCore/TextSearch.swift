/// Texts found in texts, byte for byte.
///
/// The standard library's own search comes with its regular expressions, which would make the shared
/// library a megabyte larger.
extension StringProtocol {
  /// Where `text` first occurs; `nil` where it does not. An empty text occurs nowhere. O(length x length of `text`).
  public func firstRange(ofText text: some StringProtocol) -> Range<Index>? {
    var start = utf8.startIndex
    while let first = text.utf8.first, let found = utf8[start...].firstIndex(of: first) {
      if let end = utf8.index(found, offsetBy: text.utf8.count, limitedBy: utf8.endIndex),
        utf8[found..<end].elementsEqual(text.utf8)
      {
        return found..<end
      }
      start = utf8.index(after: found)
    }
    return nil
  }

  /// This text with `new` wherever `old` stands.
  public func replacing(text old: some StringProtocol, with new: String) -> String {
    var result = ""
    var rest = self[...]
    while let range = rest.firstRange(ofText: old) {
      result += rest[..<range.lowerBound] + new
      rest = rest[range.upperBound...]
    }
    return result + rest
  }
}
