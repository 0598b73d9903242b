import CFastCGI

/// The records of an answer, as they are sent (FastCGI specification, sections 3.3, 5.3 and 5.5).
struct OutputRecords {
    /// The most that one record holds, in whole units of 8 bytes.
    static let mostContent = 65528

    private(set) var bytes: [UInt8] = []
    private let request: UInt16
    /// Where the content of the record that is being written begins; nil between records.
    private var contentStart: Int?

    init(of request: UInt16) {
        self.request = request
    }

    mutating func reserve(_ count: Int) { bytes.reserveCapacity(bytes.count + count + 64 + count / 4096) }

    /// Adds to the standard output.
    mutating func put(_ content: UnsafeRawBufferPointer) {
        var rest = content
        while !rest.isEmpty {
            let start = contentStart ?? beginRecord()
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.mostContent - (bytes.count - start)))
            bytes.append(contentsOf: part)
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part.count))
            if bytes.count - start == Self.mostContent { endRecord() }
        }
    }

    /// Adds text to the standard output.
    mutating func put(_ text: StaticString) { put(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)) }

    /// Adds text to the standard output.
    mutating func put(_ text: String) {
        var text = text
        text.withUTF8 { put(UnsafeRawBufferPointer($0)) }
    }

    /// Ends the present record, so that it can be sent.
    mutating func endRecord() {
        guard let start = contentStart else { return }
        let count = bytes.count - start
        (bytes[start - 4], bytes[start - 3]) = (UInt8(count >> 8), UInt8(count & 0xFF))
        let padding = -count & 7
        bytes[start - 2] = UInt8(padding)
        for _ in 0..<padding { bytes.append(0) }
        contentStart = nil
    }

    /// Ends the standard output and the request. `isLast`: the web server finds a ``ConnectionCloseNotice`` together with it.
    mutating func endRequest(isLast: Bool) {
        endRecord()
        bytes += RecordHeader.bytes(FCGI_STDOUT, request: request, contentCount: 0)
        bytes += RecordHeader.bytes(FCGI_END_REQUEST, request: request, contentCount: 8)
        bytes += [0, 0, 0, 0, UInt8(FCGI_REQUEST_COMPLETE), 0, 0, 0]
        if isLast { bytes += ConnectionCloseNotice.record(request: request) }
    }

    private mutating func beginRecord() -> Int {
        bytes += RecordHeader.bytes(FCGI_STDOUT, request: request, contentCount: 0)
        contentStart = bytes.count
        return bytes.count
    }
}
