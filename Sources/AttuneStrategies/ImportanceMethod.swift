public import AttuneCore

/// How parameter importances are computed; raw values are the names people type.
public enum ImportanceMethod: String, Sendable, CaseIterable {
  /// `PEDANOVA`: what decides between the best tenth and the rest.
  case pedANOVA = "ped-anova"
  /// `FANOVA`: what the values vary with.
  case fANOVA = "fanova"

  /// The method of a name; the error names the nearest known one.
  public init(name: String) throws(AttuneError) {
    guard let method = Self(rawValue: name) else {
      let names = Self.allCases.map(\.rawValue)
      throw AttuneError(
        .invalidArgument,
        "method is \"\(name)\"\(suggestion(for: name, among: names)), wanted "
          + names.joined(separator: " or "), subject: "method")
    }
    self = method
  }
}
