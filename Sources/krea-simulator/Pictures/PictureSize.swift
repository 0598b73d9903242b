/// The size of a picture in pixels.
struct PictureSize: Sendable, Equatable {
    static let longestSide = 1024.0

    var width: Int
    var height: Int

    /// The size that a body requests by width and height, else by aspect ratio, else a square; scaled down to `longestSide`.
    init(_ fields: JSON) {
        let written = (fields["aspectRatio"] ?? fields["aspect_ratio"])?.text ?? ""
        let ratio = written.split(separator: ":").compactMap { Double($0).map { min($0, 1000) } }
        var (width, height) = ratio.count == 2 ? (ratio[0] * Self.longestSide, ratio[1] * Self.longestSide) : (1024, 1024)
        if let asked = fields["width"]?.double, let other = fields["height"]?.double { (width, height) = (asked, other) }
        let scale = min(1, Self.longestSide / max(width, height, 1))
        self.width = max(1, Int((width * scale).rounded()))
        self.height = max(1, Int((height * scale).rounded()))
    }
}
