/// A landscape in place of a generated picture, with the prompt written into it.
///
/// The prompt's hash chooses the time of day, the sun and the hills, so each prompt has its own picture. The words show that the prompt arrived.
/// It has sixteen dithered colours. Another kind of scenery is another drawing function here.
struct Landscape: Sendable {
    private let canvas: Canvas
    private let light: Light

    /// The same prompt, number and size give the same picture.
    init(prompt: String, number: Int, size: PictureSize) {
        // FNV-1a, because Swift's own hash changes between runs.
        let hash = (prompt.utf8 + [UInt8(truncatingIfNeeded: number)]).reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
        }
        var generator = SplitMix64(seed: hash)
        let light = Light.all[Int(generator.next() % UInt64(Light.all.count))]
        var canvas = Canvas(width: size.width, height: size.height)
        let horizon = Double(size.height) * Double.random(in: 0.5...0.62, using: &generator)
        let sun = Disc(
            x: Double(size.width) * Double.random(in: 0.2...0.8, using: &generator),
            y: horizon * Double.random(in: 0.35...0.85, using: &generator),
            radius: Double(min(size.width, size.height)) * Double.random(in: 0.06...0.11, using: &generator))
        canvas.drawSky(to: Double(size.height) * 0.8, around: sun)
        if light.hasStars { canvas.drawStars(above: Int(horizon * 0.8), &generator) }
        canvas.fill(sun, with: .sun)
        for (layer, ink) in [Ink.farHills, .middleHills, .nearHills, .foreground].enumerated() {
            let depth = Double(layer) / 3
            let top = horizon + (Double(size.height) * 0.76 - horizon) * depth
            canvas.fillBelow(Ridge(top: top, height: Double(size.height) * (0.1 - 0.06 * depth), width: size.width, &generator), with: ink)
        }
        canvas.write(prompt, below: Double(size.height) * 0.8)
        (self.canvas, self.light) = (canvas, light)
    }

    var png: [UInt8] {
        canvas.inks.withUnsafeBufferPointer { inks in
            PNG.encode(width: canvas.width, height: canvas.height, palette: light.palette) { inks[$1 * canvas.width + $0] }
        }
    }
}

/// The outline of a row of hills: the top of each column, counted from the top of the picture.
struct Ridge: Sendable {
    let tops: [Int]

    /// Adds three waves, each shorter and lower than the one before.
    init(top: Double, height: Double, width: Int, _ generator: inout SplitMix64) {
        var waves: [(turns: Double, shift: Double, height: Double)] = []
        for octave in 0..<3 {
            let turns = Double.random(in: 0.7...1.4, using: &generator) * Double(1 << octave)
            waves.append((turns, Double.random(in: 0...1, using: &generator), height / Double(1 << octave)))
        }
        tops = (0..<width).map { x in
            let place = Double(x) / Double(width)
            return Int(waves.reduce(top) { $0 - $1.height * (Self.wave(place * $1.turns + $1.shift) - 0.5) })
        }
    }

    /// A smooth wave between 0 and 1 with period 1.
    private static func wave(_ position: Double) -> Double {
        let fraction = position - position.rounded(.down)
        let ramp = fraction < 0.5 ? fraction * 2 : 2 - fraction * 2
        return ramp * ramp * (3 - 2 * ramp)
    }
}

/// A filled circle, in pixels.
struct Disc: Sendable {
    var x, y, radius: Double
}
