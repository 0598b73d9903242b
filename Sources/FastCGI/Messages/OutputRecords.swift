import CFastCGI

/// The records of an answer, as they are sent (FastCGI specification, sections 3.3, 5.3 and 5.5).
struct OutputRecords {
    /// The most that one record holds, in whole units of 8 bytes.
    static let mostContent = 65528

    private(set) var bytes: [UInt8] = []
    private let request: UInt16

    /// Records with room for so many bytes of content.
    init(of request: UInt16, capacity: Int) {
        self.request = request
        bytes.reserveCapacity(capacity + 64 + capacity / 4096)
        bytes += RecordHeader.bytes(FCGI_STDOUT, request: request, contentCount: 0)
    }

    /// Adds to the standard output.
    mutating func put(_ content: UnsafeRawBufferPointer) { bytes.append(contentsOf: content) }

    /// Adds text to the standard output.
    mutating func put(_ text: StaticString) { put(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)) }

    /// Adds text to the standard output.
    mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// Ends the standard output for now, so that it can be sent. Nothing can be added afterwards but the end of the request.
    mutating func endOutput() {
        let count = bytes.count - RecordHeader.count
        if count == 0 { bytes.removeAll(keepingCapacity: true) }
        if count > Self.mostContent { split() } else if count > 0 { endRecord(at: 0) }
    }

    /// Ends the standard output and the request. `isLast`: the web server finds a ``ConnectionCloseNotice`` together with it.
    mutating func endRequest(isLast: Bool) {
        endOutput()
        bytes += RecordHeader.bytes(FCGI_STDOUT, request: request, contentCount: 0)
        bytes += RecordHeader.bytes(FCGI_END_REQUEST, request: request, contentCount: 8)
        bytes += [0, 0, 0, 0, UInt8(FCGI_REQUEST_COMPLETE), 0, 0, 0]
        if isLast { bytes += ConnectionCloseNotice.record(request: request) }
    }

    /// Writes the length of the record that begins at `start` and is the last, and pads it.
    private mutating func endRecord(at start: Int) {
        let count = bytes.count - start - RecordHeader.count
        let padding = -count & 7
        (bytes[start + 4], bytes[start + 5], bytes[start + 6]) = (UInt8(count >> 8), UInt8(count & 0xFF), UInt8(padding))
        bytes.append(contentsOf: repeatElement(0, count: padding))
    }

    /// Makes several records of one that is too long.
    private mutating func split() {
        let content = bytes
        bytes.removeAll(keepingCapacity: true)
        for start in stride(from: RecordHeader.count, to: content.count, by: Self.mostContent) {
            let header = bytes.count
            bytes += RecordHeader.bytes(FCGI_STDOUT, request: request, contentCount: 0)
            bytes += content[start..<min(start + Self.mostContent, content.count)]
            endRecord(at: header)
        }
    }
}
