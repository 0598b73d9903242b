/// A letter as pen strokes on a grid of 4 by 8: capitals are 6 high, small letters 4, descenders 2 deep.
struct Glyph: Sendable {
    /// The distance from one letter to the next.
    static let advance = 5.5

    /// The strokes, each a line from point to point.
    let strokes: [[(x: Double, y: Double)]]

    /// Draws ASCII, and Latin letters without their accents. Any other character gets its own fixed pattern.
    init(_ character: Character) {
        let scalar = character.unicodeScalars.first ?? " "
        if let drawn = Self.table[Character(scalar)] ?? Self.baseLetter(of: scalar).flatMap({ Self.table[$0] }) {
            strokes = drawn.split(separator: ",").map { stroke in
                stroke.split(separator: " ").map { point in
                    let digits = point.utf8.map { Double($0) - 48 }
                    return (digits[0], digits[1])
                }
            }
        } else {
            strokes = Self.pattern(of: scalar)
        }
    }

    /// The base letter of an accented one, by its Unicode name: `LATIN SMALL LETTER A WITH DIAERESIS`.
    private static func baseLetter(of scalar: Unicode.Scalar) -> Character? {
        let words = scalar.properties.name?.split(separator: " ") ?? []
        guard words.count >= 4, words[0] == "LATIN", words[2] == "LETTER", words[3].count == 1 else { return nil }
        return words[1] == "SMALL" ? Character(words[3].lowercased()) : Character(String(words[3]))
    }

    /// Dots in a square of 3 by 3, symmetric from left to right.
    private static func pattern(of scalar: Unicode.Scalar) -> [[(x: Double, y: Double)]] {
        var generator = SplitMix64(seed: UInt64(scalar.value))
        let bits = generator.next() | 0b10
        return (0..<6).filter { bits >> UInt64($0) & 1 == 1 }.flatMap { bit in
            let (column, y) = (bit % 2, Double(bit / 2) * 2 + 1)
            return (column == 0 ? [2.0] : [0, 4]).map { [($0, y), ($0, y + 0.5)] }
        }
    }

    /// Points of two digits, across and down. A space draws on, a comma lifts the pen.
    private static let table: [Character: String] = [
        "A": "06 20 46,14 34", "B": "06 00 30 41 42 33 03,33 44 45 36 06", "C": "41 30 10 01 05 16 36 45",
        "D": "00 06 26 44 42 20 00", "E": "40 00 06 46,03 33", "F": "40 00 06,03 33", "G": "41 30 10 01 05 16 36 45 43 23",
        "H": "00 06,40 46,03 43", "I": "10 30,20 26,16 36", "J": "40 45 36 16 05", "K": "00 06,40 03 46", "L": "00 06 46",
        "M": "06 00 23 40 46", "N": "06 00 46 40", "O": "10 30 41 45 36 16 05 01 10", "P": "06 00 30 41 42 33 03",
        "Q": "10 30 41 45 36 16 05 01 10,24 46", "R": "06 00 30 41 42 33 03,23 46", "S": "41 30 10 01 02 13 33 44 45 36 16 05",
        "T": "00 40,20 26", "U": "00 05 16 36 45 40", "V": "00 26 40", "W": "00 16 23 36 40", "X": "00 46,40 06",
        "Y": "00 23 40,23 26", "Z": "00 40 06 46",
        "a": "12 32 43 46,44 14 05 16 36 45", "b": "00 06,03 12 32 43 45 36 16 05", "c": "43 32 12 03 05 16 36 45",
        "d": "40 46,43 32 12 03 05 16 36 45", "e": "04 44 43 32 12 03 05 16 36 45", "f": "40 30 21 26,12 32",
        "g": "42 47 38 18 07,43 32 12 03 05 16 36 45", "h": "00 06,03 12 32 43 46", "i": "12 22 26,16 36,20 20",
        "j": "22 32 37 28 18,30 30", "k": "00 06,42 04 46", "l": "10 20 26,16 36", "m": "02 06,03 12 23 26,23 32 43 46",
        "n": "02 06,03 12 32 43 46", "o": "12 32 43 45 36 16 05 03 12", "p": "02 08,03 12 32 43 45 36 16 05",
        "q": "42 48,43 32 12 03 05 16 36 45", "r": "02 06,03 12 32 43", "s": "42 12 03 14 34 45 36 06", "t": "10 15 26 36,02 32",
        "u": "02 05 16 36 45,42 46", "v": "02 26 42", "w": "02 16 23 36 42", "x": "02 46,42 06", "y": "02 26,42 18",
        "z": "02 42 06 46",
        "0": "10 30 41 45 36 16 05 01 10,15 31", "1": "11 20 26,16 36", "2": "01 10 30 41 42 06 46", "3": "00 40 23 33 44 45 36 16 05",
        "4": "30 04 44,30 36", "5": "40 00 03 33 44 45 36 06", "6": "40 20 02 05 16 36 45 44 33 03", "7": "00 40 16",
        "8": "10 30 41 42 33 13 02 01 10,13 04 05 16 36 45 44 33", "9": "43 13 02 01 10 30 41 44 26 06",
        " ": "", "!": "20 24,26 26", "\"": "10 12,30 32", "#": "11 15,31 35,02 42,04 44", "$": "41 30 10 01 02 13 33 44 45 36 16 05,20 26",
        "%": "00 10 11 01 00,35 45 46 36 35,06 40", "&": "46 11 10 20 21 03 05 16 26 44", "'": "20 22", "’": "20 22", "‘": "20 22",
        "“": "10 12,30 32", "”": "10 12,30 32", "(": "30 12 14 36", ")": "10 32 34 16", "*": "21 25,12 34,32 14", "+": "21 25,03 43",
        ",": "26 17", "-": "13 33", "–": "03 43", "—": "03 43", ".": "26 26", "…": "06 06,26 26,46 46", "/": "40 06", ":": "22 22,26 26",
        ";": "22 22,26 17", "<": "41 03 45", "=": "02 42,04 44", ">": "01 43 05", "?": "01 10 30 41 42 24,26 26",
        "@": "45 16 05 01 10 30 41 44 34 32 22 13 24 34", "[": "30 10 16 36", "\\": "00 46", "]": "10 30 36 16", "^": "02 20 42",
        "_": "07 47", "`": "10 21", "{": "30 21 22 13 24 25 36", "|": "20 27", "}": "10 21 22 33 24 25 16", "~": "03 12 33 42",
    ]
}
