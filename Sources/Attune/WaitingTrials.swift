/// The numbers of enqueued trials in the order they are to be asked.
struct WaitingTrials: Sendable {
  private var numbers: [Int] = []
  private var head = 0

  var all: ArraySlice<Int> { numbers[head...] }
  var first: Int? { all.first }

  mutating func append(_ number: Int) { numbers.append(number) }

  mutating func remove(_ number: Int) {
    guard let place = all.firstIndex(of: number) else { return }
    // Another program may take one out of turn.
    guard place == head else {
      numbers.remove(at: place)
      return
    }
    head += 1
    // Give memory back now and then, at O(1) a call on average.
    if head > 64, head * 2 > numbers.count {
      numbers.removeFirst(head)
      head = 0
    }
  }
}
