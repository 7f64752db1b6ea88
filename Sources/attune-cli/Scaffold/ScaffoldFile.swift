/// One file of a new plugin.
struct ScaffoldFile {
  let name: String
  let text: String

  init(_ name: String, _ text: String) {
    self.name = name
    self.text = text
  }
}
