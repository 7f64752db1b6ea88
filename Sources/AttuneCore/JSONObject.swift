extension JSON {
  /// The members of a JSON object, in the order of the text, each key once.
  ///
  /// A collection of `(key, value)` pairs by position, with look-up by key in constant time. Keys
  /// are the same when their bytes are. Two objects are equal when they hold equal members in one
  /// order.
  public struct Object: Sendable {
    private var members: [(key: String, value: JSON)] = []

    /// Positions by key, kept from the size on where a look through the members costs more.
    private var positions: [ExactKey: Int]?

    private static let indexedFrom = 17

    /// An object without members.
    public init() {}

    /// The keys in order.
    public var keys: [String] { members.map(\.key) }

    /// The values in order.
    public var values: [JSON] { members.map(\.value) }

    /// Makes room for that many members.
    public mutating func reserveCapacity(_ count: Int) {
      members.reserveCapacity(count)
    }

    /// The place of a key among the members; nil if there is none.
    public func position(of key: String) -> Int? {
      if let positions { return positions[ExactKey(text: key)] }
      return members.firstIndex { $0.key.hasSameBytes(as: key) }
    }

    /// Adds a member at the end and returns true, or changes nothing if the key is taken.
    @discardableResult
    public mutating func append(_ key: String, _ value: JSON) -> Bool {
      if positions != nil {
        let taken = positions?.updateValue(members.count, forKey: ExactKey(text: key))
        if let taken {
          positions?[ExactKey(text: key)] = taken
          return false
        }
      } else if position(of: key) != nil {
        return false
      }
      members.append((key, value))
      if positions == nil && members.count >= Self.indexedFrom { index() }
      return true
    }

    /// The value of a key; nil if there is none.
    ///
    /// Setting replaces in place or adds at the end; setting nil removes, in linear time.
    public subscript(key: String) -> JSON? {
      get { position(of: key).map { members[$0].value } }
      set {
        switch (position(of: key), newValue) {
        case (let place?, let value?): members[place].value = value
        case (nil, let value?): append(key, value)
        case (let place?, nil):
          members.remove(at: place)
          if members.count >= Self.indexedFrom { index() } else { positions = nil }
        case (nil, nil): break
        }
      }
    }

    private mutating func index() {
      var positions: [ExactKey: Int] = [:]
      positions.reserveCapacity(members.count * 2)
      for (place, member) in members.enumerated() {
        positions[ExactKey(text: member.key)] = place
      }
      self.positions = positions
    }
  }

  /// A key that equals another only byte for byte.
  private struct ExactKey: Hashable {
    let text: String

    static func == (left: ExactKey, right: ExactKey) -> Bool {
      left.text.hasSameBytes(as: right.text)
    }

    func hash(into hasher: inout Hasher) {
      let hashed: Void? = text.utf8.withContiguousStorageIfAvailable {
        hasher.combine(bytes: UnsafeRawBufferPointer($0))
      }
      if hashed == nil {
        for byte in text.utf8 { hasher.combine(byte) }
      }
    }
  }
}

extension JSON.Object: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { members.count }
  public subscript(position: Int) -> (key: String, value: JSON) { members[position] }
}

extension JSON.Object: Equatable {
  public static func == (left: JSON.Object, right: JSON.Object) -> Bool {
    left.members.elementsEqual(right.members) {
      $0.key.hasSameBytes(as: $1.key) && $0.value == $1.value
    }
  }
}

extension JSON.Object: ExpressibleByDictionaryLiteral {
  /// Members in order; of a key that repeats, the last value at the first place.
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self.init()
    for (key, value) in elements { self[key] = value }
  }
}
