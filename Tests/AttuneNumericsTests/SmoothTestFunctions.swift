/// Functions to minimise, with their gradients: J. J. Moré, B. S. Garbow, K. E. Hillstrom, "Testing
/// unconstrained optimization software", ACM TOMS 7, 1981.
enum SmoothTestFunctions {
  typealias Function = @Sendable ([Double]) -> (value: Double, gradient: [Double])

  static let rosenbrock: Function = { x in
    var value = 0.0
    var gradient = [Double](repeating: 0, count: x.count)
    for i in 0..<(x.count - 1) {
      let (a, b) = (x[i + 1] - x[i] * x[i], 1 - x[i])
      value += 100 * a * a + b * b
      gradient[i] -= 400 * a * x[i] + 2 * b
      gradient[i + 1] += 200 * a
    }
    return (value, gradient)
  }

  static let beale: Function = { x in
    var (value, gradient, power) = (0.0, [0.0, 0.0], 1.0)
    for (i, c) in [1.5, 2.25, 2.625].enumerated() {
      let before = power
      power *= x[1]
      let r = c - x[0] * (1 - power)
      value += r * r
      gradient[0] -= 2 * r * (1 - power)
      gradient[1] += 2 * r * x[0] * Double(i + 1) * before
    }
    return (value, gradient)
  }

  static let wood: Function = { x in
    let (a, b, c, d) = (x[1] - x[0] * x[0], 1 - x[0], x[3] - x[2] * x[2], 1 - x[2])
    let (e, h) = (x[1] + x[3] - 2, x[1] - x[3])
    let value = (100 * a * a + b * b) + (90 * c * c + d * d) + (10 * e * e + 0.1 * h * h)
    let gradient = [
      -400 * a * x[0] - 2 * b, 200 * a + 20 * e + 0.2 * h,
      -360 * c * x[2] - 2 * d, 180 * c + 20 * e - 0.2 * h,
    ]
    return (value, gradient)
  }
}
