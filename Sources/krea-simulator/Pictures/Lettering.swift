/// Words on a picture, drawn with a round pen.
extension Canvas {
    /// Writes a text in the middle of the area below `top`, in at most three lines. A longer text ends with an ellipsis.
    ///
    /// A picture that is too small for letters gets none.
    mutating func write(_ text: String, below top: Double) {
        let room = Double(height) - top
        let unit = min(Double(width) / 180, room / 26)
        guard unit >= 0.75 else { return }
        let columns = Int(Double(width) * 0.92 / unit / Glyph.advance)
        let lines = Self.lines(of: text, columns: columns, most: 3)
        let lineHeight = 10 * unit
        // Letters are eight units high including descenders.
        var y = top + (room - (Double(lines.count - 1) * lineHeight + 8 * unit)) / 2
        for line in lines {
            var x = (Double(width) - (Double(line.count) * Glyph.advance - 1.5) * unit) / 2
            for character in line {
                draw(Glyph(character), x: x, y: y, unit: unit)
                x += Glyph.advance * unit
            }
            y += lineHeight
        }
    }

    private mutating func draw(_ glyph: Glyph, x: Double, y: Double, unit: Double) {
        for stroke in glyph.strokes {
            for (from, to) in zip(stroke, stroke.dropFirst()) {
                let steps = max(1, Int(max(abs(to.x - from.x), abs(to.y - from.y)) * unit))
                for step in 0...steps {
                    let part = Double(step) / Double(steps)
                    let (across, down) = (from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part)
                    fill(Disc(x: x + across * unit, y: y + down * unit, radius: unit * 0.5), with: .letters)
                }
            }
        }
    }

    /// The words of a text in lines of at most `columns` characters.
    static func lines(of text: String, columns: Int, most: Int) -> [[Character]] {
        guard columns > 1 else { return [] }
        var lines: [[Character]] = []
        // No more of the text is read than could fit.
        for word in text.prefix(columns * (most + 1)).split(whereSeparator: \.isWhitespace) {
            var rest = Array(word)
            if let last = lines.last, last.count + 1 + rest.count <= columns {
                lines[lines.count - 1] += [" "] + rest
                continue
            }
            while !rest.isEmpty {
                lines.append(Array(rest.prefix(columns)))
                rest.removeFirst(min(columns, rest.count))
            }
        }
        guard lines.count > most else { return lines }
        lines.removeLast(lines.count - most)
        lines[most - 1] = Array(lines[most - 1].prefix(columns - 1)) + ["…"]
        return lines
    }
}
