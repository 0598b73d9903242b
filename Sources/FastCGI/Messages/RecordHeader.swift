import CFastCGI

/// The eight bytes that begin a record (section 3.3).
struct RecordHeader {
    static let count = 8

    let type: Int32
    let request: UInt16
    let contentCount: Int
    let paddingCount: Int

    /// Reads the first eight bytes of `bytes`, which has at least that many; nil for another version of the protocol.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes[0] == UInt8(FCGI_VERSION_1) else { return nil }
        type = Int32(bytes[1])
        request = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
        contentCount = Int(bytes[4]) << 8 | Int(bytes[5])
        paddingCount = Int(bytes[6])
    }

    /// A header as it is sent.
    static func bytes(_ type: Int32, request: UInt16, contentCount: Int) -> [UInt8] {
        [
            UInt8(FCGI_VERSION_1), UInt8(type), UInt8(request >> 8), UInt8(request & 0xFF), UInt8(contentCount >> 8),
            UInt8(contentCount & 0xFF), 0, 0,
        ]
    }
}
