import AttuneCore

/// The names that the files of a new plugin are filled with.
struct PluginNames {
  /// As the user typed it: svm-cv.
  let name: String
  /// What studies refer to it by: com.example.svm-cv.
  let id: String
  /// As a type: SvmCv.
  let type: String
  /// The folder of the headers, as a Makefile has it.
  let include: String
  /// The folder of the Swift sources for authors, as a Makefile has it.
  let swift: String

  init(_ name: String) throws(CommandError) {
    let letters = name.utf8.allSatisfy {
      (97...122).contains($0 | 0x20) || (48...57).contains($0) || $0 == UInt8(ascii: "-")
        || $0 == UInt8(ascii: "_")
    }
    guard letters, let first = name.utf8.first, (97...122).contains(first | 0x20),
      name.utf8.count <= 64
    else {
      throw .usage(
        "the name is \"\(name)\", wanted letters, digits, - and _, a letter first, at most 64")
    }
    self.name = name
    id = "com.example." + name.lowercased()
    type = name.split { $0 == "-" || $0 == "_" }
      .map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    include = InstalledFiles.includeFolder ?? "$(shell pkg-config --variable=includedir attune)"
    swift =
      InstalledFiles.swiftFolder
      ?? "$(shell pkg-config --variable=prefix attune)/share/attune/swift"
  }

  /// A template with its @NAMES@ filled in.
  func filled(_ template: String) -> String {
    template.replacing("@NAME@", with: name).replacing("@ID@", with: id)
      .replacing("@TYPE@", with: type).replacing("@INCLUDE@", with: include)
      .replacing("@SWIFT@", with: swift)
  }
}
