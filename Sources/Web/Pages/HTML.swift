/// A piece of HTML. Whatever text is put into it by interpolation is escaped, other pieces go in as they are.
///
/// Only literals become markup, so there is no way to forget the escaping. The escaped text is good for elements and for
/// attribute values in quotes.
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

        /// Nothing where there is no piece.
        mutating func appendInterpolation(_ piece: HTML?) {
            source += piece?.source ?? ""
        }

        /// One piece a line.
        mutating func appendInterpolation(_ pieces: [HTML]) {
            source += pieces.map(\.source).joined(separator: "\n")
        }
    }
}
