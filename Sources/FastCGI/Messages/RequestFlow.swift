import CFastCGI

/// Where a request stands whose records come in one after the other: begin, parameters, body (sections 3.3 and 6.2).
///
/// It follows headers only, and knows the records that web servers send for a request of role RESPONDER. Anything else is foreign to it.
struct RequestFlow {
    enum Stage: Equatable {
        case begin, parameters, body
        /// The end of the body was seen.
        case complete
        /// Something that no web server sends in the middle of a request: management, another request, an abort.
        case foreign
    }

    private(set) var stage = Stage.begin
    /// The web server's ID of the request.
    private(set) var request: UInt16 = 0

    /// Goes on with the next record.
    mutating func advance(_ record: RecordHeader?) {
        guard let record else { return stage = .foreign }
        let isEnd = record.contentCount == 0
        // libfcgi takes the padding of an empty record for the next header.
        let isOurs = record.request == request && !(isEnd && record.paddingCount > 0)
        switch (stage, record.type) {
        case (.begin, FCGI_BEGIN_REQUEST) where record.request != 0 && record.contentCount == 8:
            (stage, request) = (.parameters, record.request)
        case (.parameters, FCGI_PARAMS) where isOurs: if isEnd { stage = .body }
        case (.body, FCGI_STDIN) where isOurs: if isEnd { stage = .complete }
        default: stage = .foreign
        }
    }

    /// Where a request stands that begins with these bytes.
    static func stage(of bytes: UnsafeRawBufferPointer) -> Stage {
        var (flow, start) = (RequestFlow(), 0)
        while start + RecordHeader.count <= bytes.count, flow.stage != .complete, flow.stage != .foreign {
            let header = RecordHeader(UnsafeRawBufferPointer(rebasing: bytes[start...]))
            flow.advance(header)
            if let header { start += RecordHeader.count + header.contentCount + header.paddingCount }
        }
        return flow.stage
    }
}
