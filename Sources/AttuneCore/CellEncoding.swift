/// A cell of an architecture in space JSON: a small graph whose edges carry operations.
///
/// `{"cell": {"type": "cell", "nodes": 4, "operations": ["none", "skip", "dense"]}}` stands for one
/// categorical parameter for each edge from a node to a later one, `cell_0_1`, `cell_0_2`, `cell_1_2`, …,
/// whose choices are the operations. With `"choose": k` an edge has k different operations: its choices
/// are all combinations, such as "skip+dense". With `"inputs": m` each node takes its input from m earlier
/// nodes (or from all there are) instead of all: `cell_2_from_1` is the number of the node that the first
/// input of node 2 comes from, `cell_2_op_1` what is done to it. `when` holds for each parameter.
///
/// The space that is read has the plain parameters; written again, they stand for themselves.
struct CellEncoding {
  let name: String
  /// Nodes are counted from 0, the cell's input.
  let nodeCount: Int64
  let operations: [Value]
  /// Operations an edge.
  let choose: Int64
  /// Inputs a node; `nil`: from every earlier one.
  let inputCount: Int64?
  let conditions: [Condition]

  private static let choiceLimit = 4096

  func parameters() throws(AttuneError) -> [Parameter] {
    guard nodeCount >= 2, nodeCount <= 64 else {
      throw refuse("nodes", "\(nodeCount)", "2 to 64")
    }
    if let inputCount, inputCount < 1 { throw refuse("inputs", "\(inputCount)", "1 or more") }
    let choices = try choices()
    var parameters: [Parameter] = []
    for node in 1..<nodeCount {
      guard let inputCount, inputCount < node else {
        for source in 0..<node {
          parameters.append(try edge("\(name)_\(source)_\(node)", choices))
        }
        continue
      }
      for input in 1...inputCount {
        let from = "\(name)_\(node)_from_\(input)"
        parameters.append(
          Parameter(
            from,
            .categorical(
              try CategoricalDistribution(choices: (0..<node).map(Value.int), name: from)),
            when: conditions))
        parameters.append(try edge("\(name)_\(node)_op_\(input)", choices))
      }
    }
    return parameters
  }

  private func edge(_ name: String, _ choices: [Value]) throws(AttuneError) -> Parameter {
    Parameter(
      name, .categorical(try CategoricalDistribution(choices: choices, name: name)),
      when: conditions)
  }

  /// What an edge may carry.
  private func choices() throws(AttuneError) -> [Value] {
    // Checked under the cell's own name, which the error names.
    _ = try CategoricalDistribution(choices: operations, name: name)
    guard choose >= 1, choose <= Int64(operations.count) else {
      throw refuse("choose", "\(choose)", "1 to \(operations.count), the number of operations")
    }
    guard choose > 1 else { return operations }
    var names: [String] = []
    for operation in operations {
      guard case .string(let text) = operation, !text.contains("+") else {
        throw refuse(
          "operations", "a list with \(operation.quoted)",
          "strings without \"+\" where an edge chooses \(choose)")
      }
      names.append(text)
    }
    let combinations = Self.combinations(of: names, Int(choose), limit: Self.choiceLimit)
    guard let combinations else {
      throw refuse(
        "choose", "\(choose) of \(names.count)", "at most \(Self.choiceLimit) combinations")
    }
    return combinations.map { .string($0.joined(separator: "+")) }
  }

  /// All choices of `count` names in their order; `nil` if there are more than `limit`.
  private static func combinations(
    of names: [String], _ count: Int, limit: Int
  ) -> [[String]]? {
    var found: [[String]] = []
    func extend(_ chosen: [String], from first: Int) -> Bool {
      if chosen.count == count {
        found.append(chosen)
        return found.count <= limit
      }
      let last = names.count - (count - chosen.count)
      guard first <= last else { return true }
      for index in first...last where !extend(chosen + [names[index]], from: index + 1) {
        return false
      }
      return true
    }
    return extend([], from: 0) ? found : nil
  }

  private func refuse(_ key: String, _ found: String, _ wanted: String) -> AttuneError {
    AttuneError(
      .invalidArgument, "cell \"\(name)\": \(key) is \(found), wanted \(wanted)",
      subject: "space.\(name).\(key)")
  }
}
