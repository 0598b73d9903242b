import Jobs
import TestSupport
import Testing

@testable import Pictures

/// Where pictures end, by what their formats say.
@Suite struct PictureEndTests {
    private func isWhole(_ bytes: [UInt8], _ type: PictureType, parts size: Int = 1 << 16) -> Bool {
        var end = PictureEnd(type)
        var rest = bytes[...]
        while !rest.isEmpty {
            end.take(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return end.isWhole
    }

    @Test(arguments: Sample.all)
    func `a picture is whole at its last byte and not before, however it comes`(bytes: [UInt8], type: PictureType) {
        for size in [1, 2, 7, 1000] { #expect(isWhole(bytes, type, parts: size)) }
        for count in 0..<bytes.count { #expect(!isWhole(Array(bytes.prefix(count)), type), "\(count) of \(bytes.count)") }
    }

    @Test(arguments: Sample.all.filter { $0.type != .avif })
    func `what follows the end of a picture is no fault`(bytes: [UInt8], type: PictureType) {
        #expect(isWhole(bytes + [0, 1, 0xFF, 0x2C], type))
    }

    @Test func `boxes of 64 bits, a last one without a length and small data in the head are read`() {
        let head = Array(Sample.avif.prefix(32))
        let large = [0, 0, 0, 1] + Array("mdat".utf8) + [0, 0, 0, 0, 0, 0, 0, 20] + [1, 2, 3, 4] as [UInt8]
        #expect(isWhole(head + large, .avif))
        #expect(!isWhole(head + large.dropLast(), .avif))
        #expect(isWhole(head + [0, 0, 0, 0] + Array("mdat".utf8) + [1], .avif))
        let small = [0, 0, 0, 22] + Array("meta".utf8) + [0, 0, 0, 0] + [0, 0, 0, 10] + Array("idat".utf8) + [1, 2] as [UInt8]
        #expect(isWhole(head + small, .avif))
        #expect(!isWhole(head, .avif))
    }

    @Test func `a JPEG with another in its head ends at its own end`() {
        // Exif keeps a thumbnail in a segment of its own.
        let thumbnail = [0xFF, 0xE1, UInt8((Sample.jpeg.count + 2) >> 8), UInt8((Sample.jpeg.count + 2) & 0xFF)] + Sample.jpeg
        let bytes = Array(Sample.jpeg.prefix(2)) + thumbnail + Sample.jpeg.dropFirst(2)
        #expect(isWhole(bytes, .jpeg))
        #expect(!isWhole(Array(bytes.dropLast(2)), .jpeg))
    }

    @Test(arguments: PictureType.allCases)
    func `nonsense after a right beginning is read without a fault`(type: PictureType) throws {
        let sample = try #require(Sample.all.first { $0.type == type }).bytes
        var generator = SeededGenerator(seed: 7)
        for _ in 1...2000 {
            var bytes = sample
            for _ in 1...4 {
                bytes[Int.random(in: 8..<bytes.count, using: &generator)] = UInt8.random(in: .min ... .max, using: &generator)
            }
            _ = isWhole(bytes, type, parts: Int.random(in: 1...64, using: &generator))
        }
    }
}
