/// The pixels of a picture, row by row. Each is the number of its ``Ink``.
struct Canvas: Sendable {
    let width: Int
    let height: Int
    private(set) var inks: [UInt8]

    init(width: Int, height: Int) {
        (self.width, self.height) = (width, height)
        inks = [UInt8](repeating: Ink.foreground.rawValue, count: width * height)
    }

    /// Draws the sky from the top to `bottom`, in bands of colour that are brighter around the sun.
    mutating func drawSky(to bottom: Double, around sun: Disc) {
        // An 8 by 8 ordered dither makes eight colours look smooth.
        let dither = (0..<64).map { Double(Self.bayer($0 & 7, $0 >> 3)) / 64 }
        let last = Double(Ink.skyColours - 1)
        let acrossSquared = (0..<width).map { (Double($0) - sun.x) * (Double($0) - sun.x) }
        let reach = sun.radius * sun.radius * 9
        let rows = min(height, Int(bottom) + 1)
        inks.withUnsafeMutableBufferPointer { inks in
            for y in 0..<rows {
                let level = last * Double(y) / max(1, bottom)
                let downSquared = (Double(y) - sun.y) * (Double(y) - sun.y)
                for x in 0..<width {
                    let glow = last * 0.6 * reach / (reach + acrossSquared[x] + downSquared)
                    inks[y * width + x] = UInt8(min(last, level + glow + dither[(y & 7) << 3 | x & 7] - 0.01))
                }
            }
        }
    }

    /// Draws some stars between the top and `bottom`.
    mutating func drawStars(above bottom: Int, _ generator: inout SplitMix64) {
        guard bottom > 1 else { return }
        let side = max(1, min(width, height) / 400)
        for _ in 0..<width * bottom / 4000 {
            let (x, y) = (Int.random(in: 0..<width, using: &generator), Int.random(in: 0..<bottom, using: &generator))
            for row in y..<min(height, y + side) {
                for column in x..<min(width, x + side) { inks[row * width + column] = Ink.star.rawValue }
            }
        }
    }

    /// Fills a circle, as far as it is inside the picture.
    mutating func fill(_ disc: Disc, with ink: Ink) {
        for y in max(0, Int(disc.y - disc.radius))..<max(0, min(height, Int(disc.y + disc.radius) + 1)) {
            let left = disc.radius * disc.radius - (Double(y) - disc.y) * (Double(y) - disc.y)
            guard left >= 0 else { continue }
            let (from, to) = (max(0, Int((disc.x - left.squareRoot()).rounded())), min(width - 1, Int(disc.x + left.squareRoot())))
            if from <= to { for x in from...to { inks[y * width + x] = ink.rawValue } }
        }
    }

    /// Fills from a row of hills to the bottom.
    mutating func fillBelow(_ ridge: Ridge, with ink: Ink) {
        inks.withUnsafeMutableBufferPointer { inks in
            for (x, top) in ridge.tops.enumerated() {
                for y in max(0, min(top, height))..<height { inks[y * width + x] = ink.rawValue }
            }
        }
    }

    /// The value of the 8 by 8 Bayer matrix at a position, 0 to 63.
    private static func bayer(_ x: Int, _ y: Int) -> Int {
        (0..<3).reduce(0) { value, bit in
            let (across, down) = (x >> bit & 1, y >> bit & 1)
            return value | (across ^ down) << (5 - 2 * bit) | down << (4 - 2 * bit)
        }
    }
}
