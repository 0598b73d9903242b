/// Writes PNG files with sixteen colours, four bits per pixel, uncompressed.
///
/// Signature, chunks and filter byte follow the PNG specification (sections 5, 9, 11), the data stream RFC 1950 and stored blocks of RFC 1951.
enum PNG {
    /// A PNG file.
    ///
    /// - Parameters:
    ///   - palette: At most 16 colours as 0xRRGGBB.
    ///   - color: The palette index of a pixel.
    static func encode(width: Int, height: Int, palette: [UInt32], color: (_ x: Int, _ y: Int) -> UInt8) -> [UInt8] {
        var raw: [UInt8] = []
        raw.reserveCapacity(height * (width / 2 + 2))
        for y in 0..<height {
            raw.append(0)
            for x in stride(from: 0, to: width, by: 2) {
                raw.append(color(x, y) << 4 | (x + 1 < width ? color(x + 1, y) : 0))
            }
        }
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        // Bit depth 4, colour type 3 (palette), and the only compression, filter and plain order there are.
        append("IHDR", bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [4, 3, 0, 0, 0], to: &file)
        append("PLTE", palette.flatMap { bigEndian($0).dropFirst() }, to: &file)
        append("IDAT", stored(raw), to: &file)
        append("IEND", [], to: &file)
        return file
    }

    /// The checksum of a chunk (PNG specification, annex D).
    static func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var remainder: UInt32 = 0xFFFF_FFFF
        for byte in bytes { remainder = table[Int((remainder ^ UInt32(byte)) & 0xFF)] ^ (remainder >> 8) }
        return ~remainder
    }

    private static let table: [UInt32] = (0..<256).map { start in
        (0..<8).reduce(UInt32(start)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }

    private static func append(_ type: String, _ data: [UInt8], to file: inout [UInt8]) {
        let start = file.count + 4
        file += bigEndian(UInt32(data.count))
        file += type.utf8
        file += data
        file += bigEndian(crc32(file[start...]))
    }

    private static func stored(_ raw: [UInt8]) -> [UInt8] {
        let most = 65_535
        var stream: [UInt8] = [0x78, 0x01]
        stream.reserveCapacity(raw.count + raw.count / most * 5 + 16)
        for start in stride(from: 0, to: raw.count, by: most) {
            let block = raw[start..<min(start + most, raw.count)]
            let length = UInt16(block.count)
            stream += [block.endIndex == raw.count ? 1 : 0, UInt8(length & 0xFF), UInt8(length >> 8)]
            stream += [UInt8(~length & 0xFF), UInt8(~length >> 8)]
            stream += block
        }
        return stream + bigEndian(adler32(raw))
    }

    private static func adler32(_ bytes: [UInt8]) -> UInt32 {
        var (low, high): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            low = (low + UInt32(byte)) % 65_521
            high = (high + low) % 65_521
        }
        return high << 16 | low
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
