/// The sixteen colours of a picture by use. The first eight are the sky, from the top down.
enum Ink: UInt8, Sendable {
    case sky = 0
    case sun = 8
    case farHills, middleHills, nearHills, foreground, letters, star

    /// The number of colours in the sky.
    static let skyColours = 8
}

/// The colours of a time of day. Another one is a row in ``all``.
struct Light: Sendable {
    /// 0xRRGGBB for each ``Ink``. The last of the sixteen is unused.
    let palette: [UInt32]
    let hasStars: Bool

    /// Mixes the sky from `zenith` to `horizon`, and the hills from `haze` to `ground`.
    init(zenith: UInt32, horizon: UInt32, sun: UInt32, haze: UInt32, ground: UInt32, letters: UInt32 = 0xFFF6E5, hasStars: Bool = false) {
        let sky = (0..<Ink.skyColours).map { Self.mix(zenith, horizon, Double($0) / Double(Ink.skyColours - 1)) }
        let hills = (0..<4).map { Self.mix(haze, ground, Double($0) / 3) }
        palette = sky + [sun] + hills + [letters, 0xFFFFFF, 0]
        self.hasStars = hasStars
    }

    static let all = [
        Light(zenith: 0x2B3A67, horizon: 0xFFB385, sun: 0xFFF1C9, haze: 0xC8798A, ground: 0x2A1B3D),
        Light(zenith: 0x3A7BD5, horizon: 0xD9F0FF, sun: 0xFFFBE6, haze: 0x8FBFA8, ground: 0x1F4D3A),
        Light(zenith: 0x1B1036, horizon: 0xF2617A, sun: 0xFFD27A, haze: 0x9B3B6A, ground: 0x1A0B2E),
        Light(zenith: 0x0B1026, horizon: 0x3B5B92, sun: 0xF4F1DE, haze: 0x2C4270, ground: 0x0A1020, hasStars: true),
        Light(zenith: 0x5AA9A3, horizon: 0xFCEFC7, sun: 0xFF8C61, haze: 0xC9A66B, ground: 0x4A2C2A),
        Light(zenith: 0x6C5B9E, horizon: 0xFAD4E0, sun: 0xFFF8F0, haze: 0xB39CD0, ground: 0x3B2F5C),
    ]

    private static func mix(_ one: UInt32, _ other: UInt32, _ part: Double) -> UInt32 {
        [16, 8, 0].reduce(0) { mixed, shift in
            let (from, to) = (Double(one >> shift & 0xFF), Double(other >> shift & 0xFF))
            return mixed << 8 | UInt32(from + (to - from) * part)
        }
    }
}
