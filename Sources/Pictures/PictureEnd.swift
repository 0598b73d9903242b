import Jobs

/// Tells whether a picture is complete by the rules of its format, as its bytes arrive.
///
/// It follows only the structure, from one length to the next, which costs next to nothing. Bytes after the end are no fault. (PNG
/// specification, section 5.3; ITU T.81, annex B; RFC 9649, section 2.3; GIF89a, appendix A; ISO/IEC 14496-12, section 4.2.)
struct PictureEnd {
    private enum Phase {
        case pngChunk, pngLastChecksum
        case jpegMarker, jpegCode, jpegLength(isScan: Bool), jpegScan, jpegScanCode
        case gifScreen, gifBlock, gifImage, gifPart
        case riffSize, riffContent
        case isoBox, isoLargeBox
        /// The end was found, or the picture ends wherever the bytes end.
        case over
        /// The bytes break the rules of the format.
        case broken
    }

    private var phase: Phase
    /// How many bytes to skip first.
    private var skipped: UInt64
    /// How many bytes to read then.
    private var needed: Int
    private var field: [UInt8] = []
    /// Whether an ISO file has data after its head.
    private var hasData = false

    init(_ type: PictureType) {
        switch type {
        case .png: (phase, skipped, needed) = (.pngChunk, 8, 8)
        case .jpeg: (phase, skipped, needed) = (.jpegMarker, 2, 1)
        case .gif: (phase, skipped, needed) = (.gifScreen, 6, 7)
        case .webp: (phase, skipped, needed) = (.riffSize, 4, 4)
        case .avif: (phase, skipped, needed) = (.isoBox, 0, 8)
        }
    }

    /// Whether the picture is complete if no byte follows.
    var isWhole: Bool {
        switch phase {
        case .over: true
        case .riffContent: skipped == 0
        case .isoBox: hasData && skipped == 0 && field.isEmpty
        default: false
        }
    }

    /// Follows the next bytes.
    mutating func take(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            if skipped > 0 {
                let count = Int(min(UInt64(rest.count), skipped))
                skipped -= UInt64(count)
                rest = rest.dropFirst(count)
                continue
            }
            switch phase {
            case .over, .broken, .riffContent: return
            case .jpegScan:
                guard let mark = rest.firstIndex(of: 0xFF) else { return }
                rest = rest[(mark + 1)...]
                go(to: .jpegScanCode, reading: 1)
            default:
                let part = rest.prefix(needed - field.count)
                field += part
                rest = rest.dropFirst(part.count)
                guard field.count == needed else { return }
                let whole = field
                field = []
                step(whole)
            }
        }
    }

    private mutating func go(to next: Phase, passing count: UInt64 = 0, reading needed: Int = 0) {
        (phase, skipped, self.needed) = (next, count, needed)
    }

    /// Acts on a complete field.
    private mutating func step(_ field: [UInt8]) {
        switch phase {
        case .pngChunk: chunk(length: Self.number(field.prefix(4)), type: field.suffix(4))
        case .pngLastChecksum: go(to: .over)
        case .jpegMarker: field[0] == 0xFF ? go(to: .jpegCode, reading: 1) : go(to: .broken)
        case .jpegCode: marker(field[0])
        case .jpegScanCode:
            // After 0xFF, a 0 says that it was no marker; some markers only restart the decoder.
            field[0] == 0 || (0xD0...0xD7).contains(field[0]) ? go(to: .jpegScan) : marker(field[0])
        case .jpegLength(let isScan):
            let length = Self.number(field[...])
            guard length >= 2 else { return go(to: .broken) }
            isScan ? go(to: .jpegScan, passing: length - 2) : go(to: .jpegMarker, passing: length - 2, reading: 1)
        case .gifScreen: go(to: .gifBlock, passing: Self.colours(field[4]), reading: 1)
        case .gifImage: go(to: .gifPart, passing: Self.colours(field[8]) + 1, reading: 1)
        case .gifBlock: block(field[0])
        case .gifPart: field[0] == 0 ? go(to: .gifBlock, reading: 1) : go(to: .gifPart, passing: UInt64(field[0]), reading: 1)
        case .riffSize: go(to: .riffContent, passing: Self.number(field.reversed()[...]))
        case .isoBox: box(size: Self.number(field.prefix(4)), type: field.suffix(4))
        case .isoLargeBox:
            let size = Self.number(field[...])
            size >= 16 ? go(to: .isoBox, passing: size - 16, reading: 8) : go(to: .broken)
        case .jpegScan, .riffContent, .over, .broken: break
        }
    }

    private mutating func chunk(length: UInt64, type: ArraySlice<UInt8>) {
        guard length < 1 << 31 else { return go(to: .broken) }
        guard type.elementsEqual("IEND".utf8) else { return go(to: .pngChunk, passing: length + 4, reading: 8) }
        go(to: .pngLastChecksum, passing: length, reading: 4)
    }

    private mutating func marker(_ code: UInt8) {
        switch code {
        case 0xFF: go(to: .jpegCode, reading: 1)
        case 0xD9: go(to: .over)
        case 0x01, 0xD0...0xD8: go(to: .jpegMarker, reading: 1)
        default: go(to: .jpegLength(isScan: code == 0xDA), reading: 2)
        }
    }

    private mutating func block(_ introducer: UInt8) {
        switch introducer {
        case 0x3B: go(to: .over)
        case 0x21: go(to: .gifPart, passing: 1, reading: 1)
        case 0x2C: go(to: .gifImage, reading: 9)
        default: go(to: .broken)
        }
    }

    private mutating func box(size: UInt64, type: ArraySlice<UInt8>) {
        let type = String(decoding: type, as: UTF8.self)
        hasData = hasData || type == "mdat" || type == "idat"
        switch size {
        // To the end of the file.
        case 0: go(to: .over)
        case 1: go(to: .isoLargeBox, reading: 8)
        // The boxes inside are read like those beside it, because small data can be among them.
        case 12... where type == "meta": go(to: .isoBox, passing: 4, reading: 8)
        case 8...: go(to: .isoBox, passing: size - 8, reading: 8)
        default: go(to: .broken)
        }
    }

    /// The bytes of the colour table that these flags announce.
    private static func colours(_ flags: UInt8) -> UInt64 { flags & 0x80 == 0 ? 0 : 3 << (UInt64(flags & 7) + 1) }

    /// A big-endian number.
    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
