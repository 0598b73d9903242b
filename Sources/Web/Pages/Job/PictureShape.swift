import Jobs

extension GenerationRequest {
    /// The requested size in pixels, or a size of the requested ratio, or a square. Krea's picture may differ.
    var shape: (width: Int, height: Int) {
        if let width, let height { return (width, height) }
        let sides = (aspectRatio ?? "").split(separator: ":").compactMap { Double($0) }
        guard sides.count == 2, sides.allSatisfy({ $0 > 0 }) else { return (1024, 1024) }
        let longest = max(sides[0], sides[1])
        func scaled(_ side: Double) -> Int { max(Int(1024 * side / longest), 256) }
        return (scaled(sides[0]), scaled(sides[1]))
    }
}
