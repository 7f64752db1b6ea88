/// The primitive polynomials and initial direction numbers of Sobol's sequence.
///
/// The table new-joe-kuo-6.21201 of S. Joe and F. Y. Kuo, "Constructing Sobol sequences with better
/// two-dimensional projections", SIAM J. Sci. Comput. 30 (2008) 2635-2654,
/// https://web.maths.unsw.edu.au/~fkuo/sobol/, its dimensions 2 to 1111: all polynomials up to
/// degree 13. The numbers are theirs, the encoding is not. Their licence:
///
/// Copyright (c) 2008, Frances Y. Kuo and Stephen Joe. All rights reserved.
///
/// Redistribution and use in source and binary forms, with or without modification, are permitted
/// provided that the following conditions are met:
///
/// - Redistributions of source code must retain the above copyright notice, this list of conditions
///   and the following disclaimer.
/// - Redistributions in binary form must reproduce the above copyright notice, this list of
///   conditions and the following disclaimer in the documentation and/or other materials provided
///   with the distribution.
/// - Neither the names of the copyright holders nor the names of the University of New South Wales
///   and the University of Waikato and its contributors may be used to endorse or promote products
///   derived from this software without specific prior written permission.
///
/// THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS "AS IS" AND ANY EXPRESS OR IMPLIED
/// WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND
/// FITNESS FOR A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDERS BE
/// LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES
/// (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA,
/// OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN
/// CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT
/// OF THE USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
///
/// Dimensions are ordered by degree. A dimension of degree s has (s − 1)(s + 2)/2 bits, written
/// as digits of base 64 (the alphabet of RFC 4648, highest bit first, zero bits after the last):
/// the inner coefficients a of the polynomial in s − 1 bits; then, as m₁ is 1 and every mᵢ odd
/// and below 2ⁱ, (mᵢ − 1)/2 in i − 1 bits for i from 2 to s. The text lies in the library's
/// constant data, so it costs nothing until a dimension is read.
enum SobolTable {
  /// How many dimensions the table has, the first one included, which needs no entry.
  static let dimensionCount = 1111

  /// The first direction numbers m of `dimension` (from 1, as the first needs none) and its
  /// polynomial's inner coefficients a; their count is the polynomial's degree.
  static func entry(dimension: Int) -> (a: UInt32, m: [UInt32]) {
    var position = dimension - 1
    for (text, degree, dimensions) in degrees {
      if position < dimensions {
        return decode(text, record: position, degree: degree)
      }
      position -= dimensions
    }
    preconditionFailure("dimension \(dimension) is outside 1..<\(dimensionCount)")
  }

  private static func decode(
    _ text: StaticString, record: Int, degree: Int
  ) -> (a: UInt32, m: [UInt32]) {
    let digits = ((degree - 1) * (degree + 2) / 2 + 5) / 6
    return text.withUTF8Buffer { bytes in
      var word: UInt64 = 0
      var width = 0
      var next = record * digits
      // Fields are at most twelve bits, so that two digits at a time suffice.
      func field(_ bits: Int) -> UInt32 {
        while width < bits {
          word = word << 6 | UInt64(value(ofDigit: bytes[next]))
          next += 1
          width += 6
        }
        width -= bits
        defer { word &= (1 << UInt64(width)) - 1 }
        return UInt32(truncatingIfNeeded: word >> UInt64(width))
      }
      let a = field(degree - 1)
      return (a, (0..<degree).map { 2 * field($0) + 1 })
    }
  }

  private static func value(ofDigit byte: UInt8) -> UInt8 {
    switch byte {
    case 0x41...0x5A: byte - 0x41
    case 0x61...0x7A: byte - 0x61 + 26
    case 0x30...0x39: byte - 0x30 + 52
    default: byte == 0x2B ? 62 : 63
    }
  }

  private static let degrees: [(text: StaticString, degree: Int, dimensions: Int)] = [
    ("", 1, 1),
    (degree2, 2, 1),
    (degree3, 3, 2),
    (degree4, 4, 2),
    (degree5, 5, 6),
    (degree6, 6, 6),
    (degree7, 7, 18),
    (degree8, 8, 16),
    (degree9, 9, 48),
    (degree10, 10, 60),
    (degree11, 11, 176),
    (degree12, 12, 144),
    (degree13, 13, 630),
  ]

  private static let degree2: StaticString = """
    w
    """
  private static let degree3: StaticString = """
    Yg
    """
  private static let degree4: StaticString = """
    JImw
    """
  private static let degree5: StaticString = """
    JKARIgd2QtAA0FQ7Lw
    """
  private static let degree6: StaticString = """
    DYeAaPSghNuAmOYgtOzAylPg
    """
  private static let degree7: StaticString = """
    B9s+YE+Y8QHOOL4I0BjQOmSOoTi3x4VVmjwcxE0QfeBIAg6ZLolMxygp2sDYq5bpAyhLUQ3SuAw4bD3o7cbzA+qHaA
    """
  private static let degree8: StaticString = """
    HT+Zj0K7/19gLSqWb4TS7WMIXv0WgsY84+BOZQSUHMaKSo6ccehCy4h0uSdGjevPsaqEK/Dgwg3Vywz9whJG5xb/3U9FLV\
    qE
    """
  private static let degree9: StaticString = """
    CMuQvW7wDbRBsEIgEAomWCqwFosOez+QGRVQ+0WwLFUdhztQL15soDvwNO/TTEbgNwbPvvKQO1vO2MUAPjsumrgAQxa198\
    kgSnVG4noQUUoNQBQQUnrHB97QV8EqDKBQWzvMN/8wXqC/YtPwZyQT6/dgaE7el5kAbVY11b9QeggMNorAfDw5yDEAiZTr\
    RnVwioHa//GAj8d9pVmAkUQC58SgmCi4OGTwnRTLpGcAp6t74yhwrdFwydOQsGLt8j0QtSrFo2JQtnzLC84gueUMeN4Av5\
    5mmsBwwgAhJIvQx53qcG8Q2mZbVB1w3KSiXhrg460amdlA5TFQN4Tg5v84heag6mE3IpbA7LpaW4fA8cbqD+7w9ElEs6bA\
    /a+kg9SQ
    """
  private static let degree10: StaticString = """
    Ak5CS4t7lBrRTf/obzCcaDr+NkrCxyXD4Wp7GX0mEQglwG+U9DKT9SICP/HKs+KIrjTBL/BUMUdIwE5/ENfAvjbqQ/Oaoe\
    pdsunPNyeJYC4RP7bufX6DqQ0mEjONTARm33yOCaqSJP8+rW0TTHDchncNhTwdG0Wa3iUKkZWdpxGVfbWtCIFyWvF8hjJc\
    dYRsXua3ZOY9SqVMqnJZaL7yQ8c4aGgLOL1kpcfZYOm0MmeVZU/PQVmffcL6QoH4fpyzKznqYhJnBvLuYkhUgO6FbiBiU1\
    T+07dpjbMf5WDGCkPywyaj4kk6Tcfh7RYlpe/uL6DxnhFuAvjALn5+bEZNsvokZpZ+4iZrVObIS1ABsA2IgLd7OtLe4xoN\
    Vrt+FiVKPusv1a+TV3+hxZ7DOB/nNx3BPXnbz6yBYVEknMuzlxA708f00ZTJB8kul03YJt+WUm1QgM2xRbN1k98dhr4l2K\
    /KT/X6u31U2elsfq42ye1jIwA5MusqaTXp7Fsj531wV9rlT9FRPP/Lz0X8y7a/gZhHY5ln
    """
  private static let degree11: StaticString = """
    AK/ccPTgQnUAv0V11Dt4jGBVc0bclk1LkBZZUGQ8mLWYCOAPQ617sTaDF6ICbtY2aODI3Qjri7YQYDjvKeEbpe4KD2xYrZ\
    ngCA6EaMch2BrzhYEorQcc5W9tcE+/HBf0Xe/uFSBibYNEXgQFhwRnFEPRtiGdzMe7DjjDWGhmzqwmxRuEHAltPve6x1qH\
    M83Su1rvD2HUXWbS4UY20Hr8hNSAW1XcIbhKx8k6X8qIm7ABDetXB+JIC5CbobgaUJQn3MiZuKewJ3otkE+2n34J5gIrjd\
    pi5iKJllqw6MimEKTlGWjNY2oAKgpnd5Ionf6K3HuDCFO4wGLmrlXjX+p36Lr9BFIx7wSwL/Z+ILuXYjeMEeK/3yEsQwMc\
    exlYyVJZKNX55lSiC5E+Nb2zZLIqBrGNz+W1ZdwYdmOOHmFTQUvjEOxrS0MuSo6WPKLBQYBSNsMPuJT8Js2txWQAxdd1Rt\
    KH8QMBZ8RVJWpSQn1EZBihRbEQqCq8hDjiqERRlGdYk91naSSRVOZ/KZZ8TBvdsbywVXyTZGaLGd9K1KTyYIdR5wuwwT9s\
    iwMLxeXcUKCo3oDEFzWUhQZX0zlqNiU64JG3iipsEVM0PY9NbyAwVUPP40nrGR2VlVatoCNGkQVpJA5fbFe5KWoev1MRi7\
    U2W9bSeFX+ykgXSLUkbyaO2GXdFu/fWGJ7IXi9msNMLyryX3e6otd++j8YHWgkE/hlpiYR538CAt+/KYh8TnzNMTn2ZlyW\
    F1fzm/EZ9Sm+b0IVq4aBJE6sZ+/W0aUmWAslW2C6awhl1LpE0Aka8fGTfqbswwbIyHNl39Mf0bezviM/Tq3yb7832V7hUp\
    ScP7BR531bqYcWmmSkQ9QZCckRQQAgVSIWcpGTEFb15F+dfZiVSfTExsduAspQGFKb2d4+eO2uOufweTjSQSKIvDIe2f1k\
    gvKRIae55TwKVzTs+fPM9yB5d/9wfbQ1LB8ZgJUgXmzSbv/czwgY0MyXBDz2ggyyelE6kJCOg9j4E0zqep+isEjOqbFXeu\
    jAKQtQjDXvWjWZKWtFYYJwjlE8cwiM5wmkJqKrlviIr0kTeve33wHp2kvyBi3D8qeek1ZSiGA4fMWk4f6DU4hrA4lnHRo6\
    CBCVwl+b0tR0MCP8mN7xczEfvJumZXEnD5Trm6mmqi/qO8GK6mo3H4CWHDLAnFLyy52Ldf0nQVFnc5kEXYntVa79JmCzqo\
    FoFa8qvpDYocUVfQcqV28o7JJoKMIlsqpNswO74SEfkpaFF1WhdCAwqDWViA05K++qOJxFNA5UwQqoAoQKjewHeqwNIzK0\
    tQBkrFOAM4lfKzMre+5VXHeHrariM97tpBtjysl2NI7IHVaCs+QP1iCSNRCtQlaAHJNBwEt1DbbUM1pVyt7XIr36loa+uR\
    egXfa82bmuu0RyzZw0nqu2pSZUOLkQqvAh7fxlG148vOsIPpCRVaavrZ5tdSYYu0wJb0YBmtLeGw5gJWrtw+xqxDzBaIij\
    r2yxP36jaA3+H0xV8IH9FB+mCxmotIWPuc+Gxx0/dj+Q5dSyNeRNZE7dQgyXwIsuHxqPwyrOtJTTtWJ2y/N37IvuU9Wzij\
    IwQcmwH2z3uYCzBaeHyz6pQnLvMIK+0A+ta2cHn7c0kurMyVdPFo08MzD+YbG+s1EqYOOd2GJy12wZmHlyzQY2fk5azAND\
    Ys25k6WlEh6Tc3lQx6KMllka3xzdnJmDwu04VHM6n8nlMu4xk/EmeSVoW5ji86THc1825srVzmPcLeO64Vbtwvf5207U/c\
    3CLG+6K7aEAzu/kEPi7oB6rCFPzMe8EHcWDvHkfm8gkiygxTUpi8uE+JvYBGn6823V8cl1KiE9M5P5JuEqFQ9bkerYXJnm\
    Y9rFUxrhXWFw+byYciXivj2+nUolTef7Qw/LnD7KS4RSk/TMlXQkMpuG
    """
  private static let degree12: StaticString = """
    BS2PfKEdl9054BpAN86t9MBcF0B7fcNYO43lYgKB9aesqezkZz7ECYq/VBKHoZ3H4DQ7WC9p/4IUGADrud+tgtbczLcEG7\
    vLVZQEZ6PuEea8mtrB1O16UEjixTRLGxHiiSE7CQEq2d/0UGYFPG7vV7+uuD8AFXtXGRH+YZCcmFgPyQ0knA0l3CFqs0eb\
    57C1mZ8GFVal/t7zIvEoGzZ2vMiGYEFt+HYH1vghjsTUJYHfIx4bRskqMwGINYUR9EwK1/rqI3bvOHqzQRKIKI8eqId4/S\
    CnzsJmJjtp4nAEdbgJyQX5RPHLA9KyJ+DQlql5APPoEK4aMO0T9xWSWoLAt5yAfyHlXdKLL7EJE0qeVAkoMO6kT+tnQy9S\
    IMdf7AkIgFja/iMgaaEldMfr2toM4+Z9byZgL41iM/sXuCUkxA4AqNMP1dR6mSSWP8NwMIEVzCWv1XSOZS0JsaYbtR5WOj\
    sePZvvVGZMoOpvvury3u00/UQGH/fuuEuDfQOQxgU+Vj4vDX6iQ2Ed3ZxM3ld1uROUqiUoLK8TLeRdjJlETGR9wyORnnNT\
    CgoBc3reR1JNt2GUxzkySSmRZ4Hg77GejSSsXBteRLE6Jk6TSlXC8f8Rfr8iUPLOh+TXclbM2UdxwSKOhF0SE+VNNBF4Vs\
    A/IQuWTnMm6MsfFYkWXFsq3s0AvEzWwXXhchktK90h0mXcIC2IHbD25niXrFfWSNXWxtFwYJRqH2BG/fEJkZGhTxWz2zOM\
    h8ZUfZA9EsCxJaaZY0SUuT4iotkEakEXwvkc1yrmia8KdkUv5DAOtmcVusxz8GBBjG8cZTv2qriH4MM6dCcZebaz1N8F8d\
    FKx9VA0k986sd1cotvIC/ChVceJbWSLF91J38wetprKsCPHpSuyezqxKBSf3AtbWe+Tvhf2GpooJ6fBenL1Gjbx9R0hWp8\
    3Q0/k5smAhdVptY2n1P1ygiRYjPhe7oZuNOiW/CKWuajmnYii4d3klFda7Wekjv75nU0RJ54X8ka2yDBi6pCtXAk12WUmL\
    cTD7oWlBNLRUS075Pyclldas5NDxnZE6l7DYDzpdAAWjemLgddjrmFL1lQmxF/GN8b+gFK8m8hOmx4elT3K0nJYUJv2ri1\
    tP6nP6BO8o1ttV2qnmW025+mOM61+oaVV2To2zXRD6orz7KHOUd1yHGoyh4clPe9d5iwppSktaDK+1/1qqL4DXnboE6v/4\
    rQoD1jNxJS/r8rh142HfnJ8tA0r0wlwN9xY8hd8sLjUtxHjcZUrWsTXBWXXGX7q7ssepc8bVW8gxeKtXH2D0fpB9xtcuQq\
    QpL1AHJT5kumu1vs9yzydPWu/VnUB7vy+hqUvBtvi3I8zp93mvT+XclAv42Ux0wEr50xis/GUp0wQpJr1n+P65t2wWl9hD\
    hal6HyOwnTJ+LrY9KCcKxMQznIr+YkMiGyHOo2v/SBF6xeyffRhL1moQYFMyl6cineQTs9Qsy6nEOeSUS/1EWzEuWJpt+w\
    PgOwzJye6illB9ZZSzORVuRTH48W7ezyXU+r6oJDO1Y0GMD3MLmoC3QC0jyrl6BG0dcG01CypFUCcAOdM21QFRz2UklQ/U\
    o1axoBeTxYAVXC11wR5LbAG6gAw2FTIWxSpS9FCI2IMaokN14p8jm4U3SyCtVpjo0a4ZlgqGToRSzgI4ua82wPXfo79k5E\
    +nKE7W2Cm8O5QlNqR7QtVeUW5n0Bm6OzkyPfu5zWISMQmVD0bo6OV1a6EgqZokw7jZRJgHEU81iy8Qw44SDAeIDki8bKH1\
    kEJSmoe68nNOAQqealJsW9xqjjeL84K91i+YQYZo8VhbtHa+6Eq64OJqBgx0+9qIbAnAebubK/JJzuA5BMRD5m
    """
  private static let degree13: StaticString = """
    ANEpKcvFfVOnfVSAT4OKxA7OGXtPLZAaBzaSdT4sMiHftAp2IzVLaEOqY0/PAyu3l5vdPXmNePEA3kKGxExzpVSwS1BFUO\
    CpMrx6e7M37BGg86w2oHD2wITwBPUI+j3vSGSRAkKBS1++CvAMMEFFZjBXLgORsrnWlq1VcBdyNQnaciUUg6wTBeMQTeTz\
    1MT3YfrBhU9LoO1X0jwEspBkvv5PHBzp5oM6XBwitj3q117w7/ylB5QJtCqJDA65tJVCGTvVTX/ws8Ii9ZCKoRUu0deWy+\
    CIqCUwahMeSYf5t/iXCX/oxWFrZyCwZSSCdB7K5xDj7rtEEOChwQ3FffHKkf2uqCzFiiS+UkLjxPSpC1xspfMupqxsN+MC\
    8Zjo1pG9/GDkNXDEq/tGZ6hkGHyOLDL6gwicILgBRRw7DO+PT0gGR0snZW6DfZ9MWwXbnZFQixDgAwhfDAnSW9RhIDjkKR\
    /bXE98DlTtDm5SulkCODHt4mODvI6x0+FPZxmneiDxLxXhzpRKzr45LD4hWPb0o9Mo8ThiD9DdnnUMebaN9PcEMFEZEOsW\
    Bf/VUGES/02D0gqLtqCzPEb5MEYmivxUJWVEEew+QqNURoU9s3VEhPh1KCJqe1fT8iEtIoqi92WnG1vSnEu97m93oJCXPh\
    /WE8Jk7amy+igr2zAE/i6Mgsmmt8te/oFESlYeLgVCzW0CdFL0P/TAwy3hWAMVFNF8ZnVzIT7qtMIFZaka9WFPNMkbvIFf\
    QPDaw2t9r48wvFmDDwjMB6FyW3XGF3WhUph//siQqJMF7hY6ntpZkikFUlF97rtsrvYaqSDw0GCV3RWliy6zsiB/GTJSDo\
    GhAAZI3/UGVo4REYZ97SCjeJGjiVJaxXKwpWgOsGqHbNZP3mNPL926GsNbctwcD3fQBumG3SPQuxq6TmcLobG4qjWf24w1\
    J9CirG+2CZnWgwQ+4Tx+HDZ8Rg6iYFIA/kwHGXdo6p3POYbIUeHKpRPAZEKQGXG6+HRhVQLDQLctLOB7HUZhXxshYJgSJG\
    7HYy4ue90oAhDPKIHbtAgV51+9U/IG8Hd8tJNuGZOa7zoiHw56xCLtJVC1A7kH252SiR++hror9nH8aEdceQe6d3hwDIFG\
    KxFML87IPb1YIJlNSYtqa1FQFBiIPvHnkIOsfqTgBeISKXfMR0qD2WQuLIUf6wHikULnWCaBIeTZ9DRjJAwqqn/Io9HYo8\
    6Vc8OWTJIrL7j1nWk4sPMQ3Iw1vGUSpUMCtq8cI2mqLacJQ0H0t3VI/tQl9PaWkof5EtJBD/0yD0pCsy7gZJNzqVd+bcX3\
    GeUdJOUi6LICy0hJ/5iJaRWPGO4tDhLf88JfiT1M7DuPpQlh6Jg1lO/C/Nr5Fm6oJjlb6L9oz59XkbZJl84YtEojNpZHx0\
    Jx9wKeH1CzR/amRKE/YUMc6flAcvsfKL8RJW5JvqqxREmKOKq7TaVycgJc+MKQ9R6xX8ocZ08maKWX+j7jHtaoUNpFKcGj\
    SLEcPNpu/WHKp9vIwQYcD5YAibKqzuFhTPDSuIsLoKxLAxwZ/uwTbDNwK4rY91+a2S4oIX2K72JO2mt0bfXB8bLDm0Pc7y\
    GOp+bEeLF9BfrQPWZEt3cyLKq0vwHOMf+2nXALMpfHk90h4wfTCgLPKS9YAZ/OOxfyhLX8CFcTqu1hGS1QLemm1/EOqU+6\
    hixLiaP6CPdjFH3+2PLnGSRaIGZ9xpWGuLru1Q3Q0whWTFIoL1dsxUluiQSVUxDMBbxo5ZxCYSpTb1MCTbGNNxAxYIL/FM\
    IO8hoPmuGF5VAaMWgqmFJVzSSwsR6Mflih10rlduq5uVMlETFmbMcQPPBJ0Mp5StkfXFM2uBcHMs2Fju0VN7HUtu/M0XPc\
    GdqTdBp6yhM79rh9uv1jjtJ35M910BRfBX+OA5duNDgZddZamudetvcNJaiqR6Zm2+AbA5NM/z3od2p9wDpO5NYa7kvYqr\
    on78lRNbFxLIBJB7f0cE4Ne64/NfFYcdORJONhzgYuAsPKMdljjN1lPgb7J7M7DM/JN6Wr/PRz5m08ZTrOJVFo638k9q+U\
    XaOUNom0yehSUe/V2OduTnnpt2LxmL3bOnE5WJG775Sf74BOrEVBDAsIad9wZaOuHrNvzlyC9SYP4O10t0xrHv/GQ9MuO5\
    K4SrwI1tx9kz4O8LPyza50AWhMjkPBNPdD3CIvjG9N+PI/xF1L7s2ELhMtPQGb43CyjoIf0dpPcNB+sjL8B9XVAzPjYv7G\
    BWRgGTQuTPlYAFSaIrRXJrjLPvVPwjwMWVojK9JP3eXQudINOpocQiP4N1ZISURdyRwx5QDqewJSYFfF7CpyQMuSU76BjE\
    P/9GMQPz/Ycit6CTVvuIQRfFgFoGPKjRd6KQYyjUAMQkdUqQSHQdr2+GRdUAPr192QeKsgNIeBO/djXuQimev18hRGDxZp\
    CQzGzWpCVPlwxcHFQ6wuVQhnoKmW6onRCbzjpQHu67tq3GRVoZn66MmTaxXxkRWR7c/wVTyFHxPjRfvjE49gOlnUbGZRmX\
    wPsi8AhxpTe4RqxdKnMoYgAgJS0RvI2vFkD1Ts1VCURxF6bV/drCEaA6DR06FxKHcHDtVogkR91XdVRry7IyUe/SEcK24L\
    RXZLtejESH36s4kLaBfEOmdSIPF/RM6TEypjBHSNUK9fdaWGGZ4PASVoE7W7c9vzTw+9Sadfm8VE3PWWDsOSfyooQYN8yS\
    qZKuSgd7Nw5sNwNzWPdSluErCW9XNoGM7oSqGm1nwtomnnJr5S7jNwCac36BmBCTS+nIIBylGx5WS1XTAHgKLF68rRzmV5\
    TJpSTn2iTyEKQx1TPHzoDsvA7GyjyfTXiDHQoXLLXgqNCTb5SRO7j8yOrJGYTeHgkOo/3dE2w6NThm1qhVVm6sjDmKTrmh\
    HvdHOMfkDzHT56P+BMyisIC+9pT6wFtUBQ2vmbqFbUBqrplsRBj2rZBaUH2A//auVF0yn9BUOy8WxnMt1c5DvQUQTaPAyD\
    YRKzsN7UZ9e+CQbEocVDH/UagE0WmQeNNmJFSUmJgaSb8IkWCsXPU0GEt+PiGx39GB3U3fnQMiz15W98XxU4fz/8A+MImx\
    R/sU9eTHjkkHfOlrAXU+uYsYMWk4hSzrdVSGt1az6Ee3ovFXVUbYY1sa7fVfL05VY9MBpceBTlngIhViyBoAIfJ1EIMuCV\
    r8mBELUx2uBMA7VtraQGv++oPSY6rV1Y5J6djisuMhvkV5gJ+7+ma3R+qqRWAaIXt8X+BDfpQfWKXAlYIXc7YOK5eWRhv/\
    qn/wgPqCjcWSr1h6DchHFuyChWX6VIYLGyq82hg8WbmRQwOHhu6ZVpmWhY8y8FacmF0zz+Wkr7ZmXRFptJDsdW2O5MeyoU\
    h9HVROW/IBpGQwR09flRPXCAGg2NGIF64cuoXLsFHZSH6TbFeRKXNDe4OE5zS1GlvbXW3iFSCUjsY1bsvXZV06XXPSVn1Z\
    glXs7DcZGZApkOsHSXylqQNg7VKL/La2X+shGDuWKgnZhRqYHs4O7Kx2Rd0Y5oYQ0NXrGrrXhsimdYVKZ+IglYGAsI3SYW\
    q+OoXL/tJcE4RYfuiGPrI7wnPOMRYgl04rbWTPd1GGuYmWaLf+b73C04olY4FkNhJpw9S733vZFSrE4j+Uot97GrZG65NT\
    Y0grTac6aZKDxH0EavQ/XWW9ZRslehOvqQ0jI/TZXwIpAHKdWIWYYeZeOcXVlFJB3I4T0ZicJQi5p8Mt6HmXZoEapBooxm\
    IztcxZruxQR309vlBVu8ZwrCdlXJdO56vVzZzMnFr5R/QWWQ1AZ1UQo/gVSmtsCOOaG/5efdfCEE8gzZaMsrPptvoVt/au\
    BaUTGhvXDS/5Y57baXELDA68PvXn8KKabJahpdvBaBZN0ladY9i4T/m//p3LzaiPdbQCClIVB43DattgVCRKw384thLaz7\
    7rCfG4UURHxCa6tZplY1Ek8EkpBbEf5cnJ13dvf0UPbHMg9NZn2+pLyAFbTKKUFATaUgPrp1bVduQQUEfIEBOs5ba+wjAM\
    T7FRNvLQbxRo/CiE0RTcUv6b4lZsjaUUZK5a2Wb+OmfqQgAUJRFnfcDIV5Tni1ixj3EScJ7d07MXsmx4YxYcKS4mBDrsBS\
    LuKicUoom+gjC56wvOCckpWZUPeQKX9xqkcncVnH3FTxPAtPdctkFWcLC680tq3LcuLAoQf4dx34D2ccwJeekHtdAtGwdy\
    c1cn/sHPgxyTTYfdH/yPpaqyR5fo3MdIC4i/EZ2PUMcRvdLf8kbqOsbRLNxBdOgJM4yWZ/TlCZZdVhjONzfCqChtDWdZm4\
    zK4D+K9Xk1odcPNkohN9UzpmPldvx20aRwvpeI5WXd9ICcTgOXMGmMdSd+OvxtuZa9QViffeC6LvWKXtDbFpMgeEw2GPby\
    samYCn4eIIYmeQL7f7BSQWeL2JzapuqSY8OjrefAPwnSCjDufbTFeguBGaNvNTQNp2rel3zTl0Mrct/8WeemYN9cD2geEp\
    BkOesHpBY4JP7nt/YKevMiF8BXcxH0kSKeyztL+h8kdXP7RYe0qJM/jlWNr54cbfKcqmDtAwGBbT8efSdRyP9G6m4gUK4f\
    X4bL05Y0/JbpCOfYHowhvGBN1pz4hfnbyTXafMRDJaLmfuXtCPuhyY6cwibfzLTtTT2vuZjDLVf2seAX5AnF910vUf6gO5\
    VB1FJjb1ugf/9Ghjq7wtEdB/agDL9OdbtL3820IpgKZwd3+ZHHZRc2DgM3Tk8dSAVbBgFagXw61phecxtqB9NgkOXynO6r\
    ZinJqIgn9LMJrxF/lh7sKgz6Li3VExkLM+MKg8xzedgo10fhH7zg/IqkMF+a89Y2ayhIgoc26ApYR3CTYhQxFazWVuL9AB\
    YuhaQGWxJ59cxNNeOhfS8YWDG2N1616IhgAjuHTClT9MvDxhpFOmpo3H16PA7vhsp93QG28scwluMhyGsIFPtn/E+AYEh3\
    RK8D2Jw4Xg77TiCnaF3bpa6wfWfhiHwkeXNNuFZaHQBiaUfC1HYv37hkUOij8mh6wum4aF0icimQW36rCbbPDu+OivvagG\
    fZkhNteVYixpbBQ9ix9g3H3ui4hOokZCkMIguHei94fJeq+1KuxqatjR0yMMYRZlji2M2jUteBtouFe4bbKkjbxz+8SgzK\
    wMF4zjigLmJ3NvVW+4c3jk1VRkl3caxHc4DjtvLVuaqD60sO3vjwfVWKcflH18WpLj1oRS1fibPP0s2Xj2PeHjx9a8Z50g\
    zj5E88Y6sYch18Csj/4t18ujtahsrXNkEbR060/41DKRphkHVaViRKd3daHEGkOzLrf9vcv6h2g2kTD0t6Ci0Li9sdlkcF\
    2GNcZ5BSudgSklyaR7GIZnI+Cq5kpLtOqqNgp/DhDSkszYjKgrmoPV5pLkyHSyO3IQ7uFE1flAdSxG1U0VysiWqlJbqqRC\
    RWYR2p2+lMu/SQdK7SJ66qnlPim1G9gbf/+TGKlUZX6J5/jJy3XaPlbUbC9x3N1/cZP+ld5yX+8ZWR49+1slhc+XA/B0E2\
    sDrPlrkvve4kLn12iUBltGODVkhLmBOHkZlzl+ReuGWQzlCg9mDulupstEenuLAsmKPFKPsYhF856wDmXbtmsXxfc/B59j\
    mouE4uJD0b2CJrLmuxy94o4TL6X8CTm6MlOOq1cC32RTsnLMLD55O1h8V42lnNECmzv56rY8t+rnVgaGz2QAM91qhUnclT\
    lO4vCspDk3ungZXCG1ySCraPjHnjhmsOAUwJlgoeZnqdJzNeUhoARiyTnx/qHVv/elA5outny6QP0mziRcX0Syn7zkUDDx\
    Xl8rYXZn9QVSjiKINwoJSfoEodGSLd2DMLGo3oNJHd7ElMPiettvoThld2p4idGkk8Yogls7XzpgYXlyDMomH6SuV02wTP\
    GVUov92atB/A9tmgD3o0dHVCG7zfb36DFo7AeV3R7fVKZlqQo9rMoTRF9c1kJeUpDRnGvG0GRY0s5rpJaymTxoSXkRprap\
    MLMAgbn/r44rA1pS1KP7CCxTJmTw4peaUyy3QGXtceQdpkLL7hhlJwcq4/aptyGo80/ekjc6mBpzb50WvPW5cu2vdp8BWF\
    krYsFnMeD8qGwaRLsCkX9MwQZqP+LGfprgIhPrPGqSkAJmJ+YOkxtBuqY3okmTK+ZteSvOqbI/ZinSYvDwo86qiItXls+V\
    oj8yhuqnpixG+FxvFqOBNquHjoUIHst3hMWjq2A03aZ5+PO9Dkrq5i/CtIYmE8I6D8q/eX5X5ykmB9DgWrO9tpEGT391LB\
    ZXrQU4eAc4bzWrlIwrckbGLWhMiqX/pQrmHRL1ADFaSxLV9rqvdN5aVzz1bLDzrsEGQYlxAxjEAJ0rxXcxDdD6EeGVOEr0\
    h3h4mLGatE7aor3Ac0KkLx+xwHaRsArEDw8UhX6fx2ZsFThtCc1MwHAwmJsPCnFuSN7Si91nosScU0mISNvi6UvAsXfUcu\
    YDzJjlKyrsdp2V5SZKUNbOEZskxrDlk2nO/DXW+soaVKsRKqeBh6KystycMShDJ9U6kxps5wTzBqfBmbqIEzs61+ojIj5Z\
    T4ltftIgcRzb/7DY8u2BtNvjFrdrB3VgwTktOmnwrdRwiFIspttWcjfS3jSCLHIiztljxPpIARSzXKi6tp5ldfVocn+WmO\
    GtqqKpZ6vxYOvsWutxLIBvPAQE7VGOHt3g1Nf5Bq2z/HUtuC9pAqhfoHHXe4puHqd6mob6PoAYvKuNfNsG84E/UnHqiuQ7\
    vbNP3BmMa7GPuWL09+CoZ7z4GHjucfkdxTYiZkYwfBugdY7SLYDsXaPwrujZsXORwG3b+cw8upFgCce0pMUALmdu4E3lXG\
    CHfWe+2ru77ceoidDGNnE82vFj4K/ZOwDR4/Y9vKPyb4c31jcLw77vMYGKmsx38ALlkxvRwB5ns40hjOQ2cviKmjHlw8w8\
    BXIIvnDc+kYpEui7hoxvoaZq+Pe0jvpCRQvr3t56gqCDEUn87vuWoK7F16+wzR9pvwBjVW0kINOm1JTv5Tj/ANciy7b1m2\
    wBvdSrdNrBWDTcGwCQd1wK0sit+wDUwL7anNed6ge2Mi0wONwWZrTyqkDH4swTAA2Wm/UQYNTimwZ8+1M7+rzSIocdwlDA\
    kQhARkiXA8Gws4VzMcmbGuyGsEw0AqoyFYfmXJ5mKw4N3+5d0wxxNHZExRO5vcb28pzJDE8xYPsU+tRJXDSvAexd2kQBPM\
    jCxGeKmxkumoljgb4SQdsSxnwsz7ZllDPfY1wxwTEjVfDKlA9oixx5T6ogJoEzn2+/ox83jAUdBwOlHOQ/yAN1ps9Q/eM/\
    oPfyDhvnaHwkBhZ7pmyFwmdZ6kpG7APNVyJIJg/hBy+13q+zyYu00yvaDibID9pynmvPRKluiXY1k0yzSlGNMrtC4GKQ6y\
    22DPelSStL32aHzBX6xEAhVmEVI5kzCEsY2gDZZPYC47zLCTtgHzcJ+Th7FzQjoBWUyaFbVfK6zT+N4PuueU6kSxYzWb2G\
    uKStm2UFAzzl0yIX5ENX+adOIzmeeMKmTK7R2HGjzptFDcZ794ddrJiz3QWVfTkozg26YQz7PF8NPaAiioqI5z+IP8IgF3\
    PPvKlH0D8mHDr3CfA0ArH0UaAOZJkN8TG2yp0XU7DJDb5TXKUQr0eJARC5smqZKmvn0olFQRQHK7S281g0urTjb8nR5vRO\
    +a0wetF0BOIe0uKgr0zC/uJDUUjdi3Nw05cjU0XZYIMcgN206vri1Cls5EbLgm1EMEOmS62zlp3z81cnaozEkKJYb4rw1f\
    5IkVjgC7DIyhK1mCGwD3M4YzQE7q1p0m9cPwx4ZaoRg1qmFg41a8anUI4o1vZ8WZoA48uc40O1yIITEOMuq+XO+N10qn32\
    OVgNVC42519jKj/KNjokjfFI2IlI7YOBDwGrKr/2VQHTP5NilDdLzT2W0KhU8yxHvdr8G2a7QN7RANUvoBsh2fJ4wn7gUB\
    VWfBV2p9ospEV8SoxU4D2sX8R0Sbu4LqruQ2xPgCyIbojQkc7f2ym8ZYfDJHNOQK923PIk6Y0Y/jTjlW24hi5IY1dq926d\
    Y27dEfmjG2xJGn2/3FH6wTancwjnRfm3MjXkixkKzI+4oq3SVWCQ6D/qkLW8/3Uu9iReCl+p0VDQ3bA/yzmJO/xO0h03dx\
    8ItankMqRV9h3oc6wyHHLFDeMRY3zdXPnHq4joUlgi358abdMLJOQwRkS3/P3Qs1OnRA3gj+4Gje7ICBlrd2Iza4JxC9pW\
    0joHLWhW4KMXLYvPRVj7JL74PN7GSWVsTJfiiS4RZsCRm9wNFdC0I4SRsv1i7pjtsUUV4dAAUf8Kcp0wRqT4nWt20618qJ\
    FDJM4uMM+QG2NS6JBvp423dK9mXgk/htS35Bu0tNK49xBeulk5HN/oFwar9v27Ip5OrwNA0ughsWVty5Tt47FOd56H7Ihp\
    5Vh6DQdbrKvqPag5c2vAIUAWVfjP4V5j/BlrihXIvHOJO50pjveM5N7bRIBg59CKJ53aZoJSydq5+mSQHgdJ2+JjEZ6B2F\
    Ri8HugVFep46L4+G+ER5H3XDzp6NwkMrs3ZjtrYmu6QnnoM12pHr59wt6WQFKzS83ApxnjB6ZbY2KxkRYoTZu46aZZGEBE\
    Xl7hbdG6gcQS0M5LWlbYiR6mAmMTiYaLtXMB76yWvw0X6yoQruyu60OehuySAwkUj2n6+ueUb2ODCcqBu07AtRgoBlWFQv\
    nV37KwPGXP5D/uRP9K7YYg/MW+66b/iXN7bKbZatFxuhKvJQ7hqK2H54UyhEV9d7owAFg3Lf1mEwSZ7t41wU73ytDI7Gd7\
    zJzH7dfALTKzTs71TLOU12czP4JeF7846Oi2OsAgjFu98CxZVNZuzu7vF0j8EKFl7lmjlpnSyM8Hc8JFdIb9KIWy/8NJsE\
    5nSaLaexOE8VQGY6pUpzljGrl8fwr1ex9msQ/UBy8gFvdTy12JOjfaW8pu5NipEdXUVmfD8y+n7yYhWgCt9kv80NM/7RZ1\
    mh8fae9FDlWND5gdB3ODv9RO7N/0bgfo2guf9eNv/nZXTavMBSn9iaK0jACJiyv6aM9rBYcNbU0t2VUok9uYsPYUmI3cRu\
    hW9wfBc/3blplTIx39895q/8XpXrn3c0+G6maLnQXRIikEt+MkWBuBnadHqs5F+PNR1Ij4exSYiuX+Si/J1UZe2VbWf9+b\
    Uqumd6WspldI5+eNkVDt7KlOAWzS+hlHILJPAo/CVnZ+iiXVRMcoX1oHcV+kxj2FLPWRGksrA+o5TLCoBOIiCaB5+rRXos\
    HMr5xg90j+w8zBVWPXqmicFk/BMOK4G3kWWtAeg/Eg7iJt/ozNxKwR/I/g/SmzKIc3bp+/VRryLAjq4z2yIM/aHY/yiDpR\
    oZVNC/xZFO+DdVKkpdMK/7h0INbDNTI5oZD/+XkAelOlpkq1MX
    """
}
