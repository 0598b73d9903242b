/// A pleasant pattern that stands for a generated picture: two colours from the prompt run into one another along waves.
struct Picture: Sendable {
    private var size: PictureSize
    private var palette: [UInt32]
    private var waves: (x: [Double], y: [Double])

    /// The same prompt, number and size give the same picture.
    init(prompt: String, number: Int, size: PictureSize) {
        // FNV-1a: a hash that stays the same between runs, which Swift's own does not.
        let hash = (prompt.utf8 + [UInt8(truncatingIfNeeded: number)]).reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
        }
        var generator = SplitMix64(seed: hash)
        let (from, to) = (Self.color(&generator, in: 20...110), Self.color(&generator, in: 150...250))
        let turns = Double.random(in: 1...3, using: &generator)
        let shift = Double.random(in: 0...1, using: &generator)
        palette = (0..<16).map { step in
            zip(from, to).reduce(0) { $0 << 8 | UInt32($1.0 + ($1.1 - $1.0) * Double(step) / 15) }
        }
        waves.x = (0..<size.width).map { Self.wave(Double($0) / Double(size.width) * turns + shift) }
        waves.y = (0..<size.height).map { Self.wave(Double($0) / Double(size.height) * turns + shift * 2) }
        self.size = size
    }

    var png: [UInt8] {
        // A 4 by 4 ordered dither, so that sixteen colours look smooth.
        let dither = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5].map { Double($0) / 16 }
        return PNG.encode(width: size.width, height: size.height, palette: palette) { x, y in
            UInt8((waves.x[x] + waves.y[y]) * 7.5 + dither[(y & 3) << 2 | x & 3])
        }
    }

    private static func color(_ generator: inout SplitMix64, in range: ClosedRange<Double>) -> [Double] {
        (0..<3).map { _ in Double.random(in: range, using: &generator) }
    }

    /// A triangle wave between 0 and 0.99 with period 1, smoothed.
    private static func wave(_ position: Double) -> Double {
        let fraction = position - position.rounded(.down)
        let ramp = fraction < 0.5 ? fraction * 2 : 2 - fraction * 2
        return ramp * ramp * (3 - 2 * ramp) * 0.99
    }
}
