/// A piece of HTML. Interpolated text is escaped; interpolated pieces are not.
///
/// Only literals become markup, so escaping cannot be forgotten. The result is safe in elements and in quoted attribute values.
struct HTML: ExpressibleByStringInterpolation, Equatable {
    let source: String

    init(stringLiteral source: String) {
        self.source = source
    }

    init(stringInterpolation: StringInterpolation) {
        source = stringInterpolation.source
    }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var source = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            source.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        mutating func appendLiteral(_ literal: String) {
            source += literal
        }

        mutating func appendInterpolation(_ text: String) {
            for character in text.unicodeScalars {
                switch character {
                case "&": source += "&amp;"
                case "<": source += "&lt;"
                case ">": source += "&gt;"
                case "\"": source += "&quot;"
                case "'": source += "&#39;"
                default: source.unicodeScalars.append(character)
                }
            }
        }

        mutating func appendInterpolation(_ number: Int) {
            source += String(number)
        }

        /// Nothing for nil.
        mutating func appendInterpolation(_ piece: HTML?) {
            source += piece?.source ?? ""
        }

        /// One piece per line.
        mutating func appendInterpolation(_ pieces: [HTML]) {
            source += pieces.map(\.source).joined(separator: "\n")
        }
    }
}
