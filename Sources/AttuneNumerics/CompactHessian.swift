/// The limited-memory approximation θI − W M Wᵀ of a Hessian, W = [Y, θS].
///
/// R. H. Byrd, J. Nocedal, R. B. Schnabel, "Representations of quasi-Newton matrices and their use in
/// limited memory methods", Mathematical Programming 63, 1994. Pairs (s, y) are kept oldest first.
struct CompactHessian: Sendable {
  let dimension: Int
  let memory: Int
  /// The number of pairs held.
  private(set) var count = 0
  private(set) var theta = 1.0
  /// For each variable its components of y₀, y₁, ..., then of s₀, s₁, ...
  private var pairs: [Double]
  /// Inner products: row i, column j holds sᵢᵀyⱼ, sᵢᵀsⱼ and yᵢᵀyⱼ.
  private var sy: [Double]
  private var ss: [Double]
  private var yy: [Double]
  /// The Cholesky factor of θ SᵀS + L D⁻¹ Lᵀ, L being the part of SᵀY below its diagonal D.
  private var middle: [Double]
  private var system: [Double]

  init(dimension: Int, memory: Int) {
    self.dimension = dimension
    self.memory = memory
    pairs = Array(repeating: 0, count: 2 * memory * dimension)
    sy = Array(repeating: 0, count: memory * memory)
    ss = sy
    yy = sy
    middle = sy
    system = Array(repeating: 0, count: 4 * memory * memory)
  }

  mutating func reset() {
    count = 0
    theta = 1
  }

  /// Takes up a pair, dropping the oldest if there is no room. Forgets all if it breaks down.
  mutating func update(s: [Double], y: [Double]) {
    if count == memory { dropOldest() }
    let place = count
    count += 1
    for i in 0..<dimension {
      pairs[2 * memory * i + place] = y[i]
      pairs[2 * memory * i + memory + place] = s[i]
    }
    for j in 0..<count {
      var (sjy, sys, sss, yyy) = (0.0, 0.0, 0.0, 0.0)
      for i in 0..<dimension {
        let base = 2 * memory * i
        let (yj, sj) = (pairs[base + j], pairs[base + memory + j])
        sjy += sj * y[i]
        sys += s[i] * yj
        sss += sj * s[i]
        yyy += yj * y[i]
      }
      sy[j * memory + place] = sjy
      sy[place * memory + j] = sys
      ss[j * memory + place] = sss
      ss[place * memory + j] = sss
      yy[j * memory + place] = yyy
      yy[place * memory + j] = yyy
    }
    theta = yy[place * memory + place] / sy[place * memory + place]
    if !(theta > 0 && theta < .infinity) || !factorMiddle() { reset() }
  }

  private mutating func dropOldest() {
    count -= 1
    for i in 0..<dimension {
      let base = 2 * memory * i
      for j in 0..<count {
        pairs[base + j] = pairs[base + j + 1]
        pairs[base + memory + j] = pairs[base + memory + j + 1]
      }
    }
    for i in 0..<count {
      for j in 0..<count {
        let (to, from) = (i * memory + j, (i + 1) * memory + j + 1)
        sy[to] = sy[from]
        ss[to] = ss[from]
        yy[to] = yy[from]
      }
    }
  }

  private mutating func factorMiddle() -> Bool {
    for i in 0..<count {
      for j in 0...i {
        var sum = theta * ss[i * memory + j]
        for k in 0..<j { sum += sy[i * memory + k] * sy[j * memory + k] / sy[k * memory + k] }
        for k in 0..<j { sum -= middle[i * memory + k] * middle[j * memory + k] }
        if i == j {
          guard sum > 0, sum < .infinity else { return false }
          middle[i * memory + i] = sum.squareRoot()
        } else {
          middle[i * memory + j] = sum / middle[j * memory + j]
        }
      }
    }
    return true
  }

  /// Replaces v, of 2 · `count` elements, by M v.
  ///
  /// M⁻¹ = [−D, Lᵀ; L, θ SᵀS], solved by eliminating the first block.
  func multiplyMiddle(_ v: inout [Double]) {
    for i in 0..<count {
      var sum = v[count + i]
      for j in 0..<i { sum += sy[i * memory + j] * v[j] / sy[j * memory + j] }
      v[count + i] = sum
    }
    for i in 0..<count {
      var sum = v[count + i]
      for j in 0..<i { sum -= middle[i * memory + j] * v[count + j] }
      v[count + i] = sum / middle[i * memory + i]
    }
    for i in (0..<count).reversed() {
      var sum = v[count + i]
      for j in (i + 1)..<Swift.max(count, i + 1) { sum -= middle[j * memory + i] * v[count + j] }
      v[count + i] = sum / middle[i * memory + i]
    }
    for i in 0..<count {
      var sum = -v[i]
      for j in (i + 1)..<Swift.max(count, i + 1) { sum += sy[j * memory + i] * v[count + j] }
      v[i] = sum / sy[i * memory + i]
    }
  }

  /// Adds `factor` times row `variable` of W to v.
  func addRow(_ variable: Int, times factor: Double, to v: inout [Double]) {
    let base = 2 * memory * variable
    let scaled = factor * theta
    for j in 0..<count {
      v[j] += factor * pairs[base + j]
      v[count + j] += scaled * pairs[base + memory + j]
    }
  }

  /// The product of row `variable` of W with v.
  func rowProduct(_ variable: Int, _ v: [Double]) -> Double {
    let base = 2 * memory * variable
    var (first, second) = (0.0, 0.0)
    for j in 0..<count {
      first += pairs[base + j] * v[j]
      second += pairs[base + memory + j] * v[count + j]
    }
    return first + theta * second
  }

  /// Replaces v by (M⁻¹ − Wᵀ Z Zᵀ W / θ)⁻¹ v, where Z picks the `free` variables; false if singular.
  mutating func solveReduced(free: [Bool], _ v: inout [Double]) -> Bool {
    fillReduced(free)
    return LinearSystem.solve(&system, stride: 2 * memory, count: 2 * count, &v)
  }

  private mutating func fillReduced(_ free: [Bool]) {
    let stride = 2 * memory
    for i in 0..<count {
      for j in 0...i {
        // Sums over the bound variables are subtracted from those over all.
        var (y2, s2, low, high) = (
          yy[i * memory + j], 0.0, sy[j * memory + i], sy[i * memory + j]
        )
        for variable in 0..<dimension where !free[variable] {
          let base = 2 * memory * variable
          let (yi, yj) = (pairs[base + i], pairs[base + j])
          let (si, sj) = (pairs[base + memory + i], pairs[base + memory + j])
          y2 -= yi * yj
          s2 += si * sj
          low -= yi * sj
          high -= si * yj
        }
        let first = -y2 / theta - (i == j ? sy[i * memory + i] : 0)
        system[i * stride + j] = first
        system[j * stride + i] = first
        system[(count + i) * stride + count + j] = theta * s2
        system[(count + j) * stride + count + i] = theta * s2
        // Row sᵢ against column yⱼ, and row sⱼ against column yᵢ; L holds the former if i > j.
        let below = (i > j ? sy[i * memory + j] : 0) - high
        system[(count + i) * stride + j] = below
        system[j * stride + count + i] = below
        system[(count + j) * stride + i] = -low
        system[i * stride + count + j] = -low
        if i == j { system[i * stride + count + i] = below }
      }
    }
  }
}
