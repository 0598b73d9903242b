import CFastCGI

/// A request while it comes in: what has come so far, and whether that is enough to answer it.
///
/// It is a value with no thread and no descriptor, so that a slow client costs neither. libfcgi reads the request once it is whole, or once it is
/// known that its body will be refused.
struct IncomingRequest {
    enum State: Equatable {
        /// More has to come.
        case partial
        /// Everything is there.
        case whole
        /// The body is, or will be, none that a responder is given; the rest of it is of no use.
        case refused
        /// This is no request of a web server's.
        case foreign
    }

    /// What an incoming request may take.
    struct Limits: Sendable {
        /// The largest body that is taken, in bytes.
        var body: Int
        /// The largest head that is taken, in bytes: more than the web servers let in.
        var head = 1 << 20
        /// How long it may take, when next to nothing comes.
        var grace: Duration
        /// How many bytes, sent or announced, give it one second more.
        var rate = 500
        /// How long it may take at most.
        var total: Duration
    }

    private(set) var state = State.partial
    private let limits: Limits
    /// When its first byte was seen.
    let since: ContinuousClock.Instant
    private var flow = RequestFlow()
    /// The records up to the end of the parameters, as they came.
    private var head: [UInt8] = []
    private var body: [UInt8] = []
    private var expected = 0
    /// The header of the present record as far as it has come, and how much of the record has not.
    private var header: [UInt8] = []
    private var contentLeft = 0
    private var paddingLeft = 0
    private var received = 0

    init(since: ContinuousClock.Instant, limits: Limits) {
        self.since = since
        self.limits = limits
    }

    /// When it has to be answered as too slow, if no more comes.
    ///
    /// The body counts as long as it was announced: Caddy holds up to 64 KiB of it back before it passes any on.
    var deadline: ContinuousClock.Instant {
        since + min(limits.grace + .seconds(max(received, expected) / limits.rate), limits.total)
    }

    /// Whether its parameters are all there, so that it can be answered.
    var hasHead: Bool { flow.stage == .body || flow.stage == .complete }

    /// How much memory it takes.
    var footprint: Int { head.capacity + body.capacity }

    /// Takes what has come. Nothing is taken that is not needed.
    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        received += bytes.count
        var rest = bytes
        func next(_ count: Int) -> UnsafeRawBufferPointer {
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(count))
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part.count))
            return part
        }
        while !rest.isEmpty, state == .partial {
            if contentLeft > 0 {
                let part = next(contentLeft)
                contentLeft -= part.count
                add(part)
            } else if paddingLeft > 0 {
                let part = next(paddingLeft)
                paddingLeft -= part.count
                if flow.stage == .parameters { head += part }
            } else {
                header += next(RecordHeader.count - header.count)
                if header.count == RecordHeader.count { beginRecord() }
            }
        }
    }

    /// The records that libfcgi reads: the head, and the body as far as it has come.
    var records: [UInt8] {
        var records = head
        records.reserveCapacity(head.count + body.count + body.count / 1024 + 16)
        var start = 0
        while start < body.count {
            let end = min(start + 0x8000, body.count)
            records += RecordHeader.bytes(FCGI_STDIN, request: flow.request, contentCount: end - start)
            records += body[start..<end]
            start = end
        }
        if state == .whole { records += RecordHeader.bytes(FCGI_STDIN, request: flow.request, contentCount: 0) }
        return records
    }

    private mutating func beginRecord() {
        let record = header.withUnsafeBytes { RecordHeader($0) }
        let isHead = !hasHead
        flow.advance(record)
        if isHead { head += header }
        header.removeAll(keepingCapacity: true)
        contentLeft = record?.contentCount ?? 0
        paddingLeft = record?.paddingCount ?? 0
        switch flow.stage {
        case .foreign: state = .foreign
        case .complete: state = .whole
        case .body where isHead: endHead()
        case .begin, .parameters: if head.count + contentLeft > limits.head { state = .foreign }
        case .body: break
        }
    }

    private mutating func endHead() {
        do {
            expected = try ContentLength(inRecords: head).expected(limit: limits.body)
        } catch { state = .refused }
    }

    private mutating func add(_ content: UnsafeRawBufferPointer) {
        guard hasHead else { return head += content }
        // One byte more than expected shows that there is more.
        body += content.prefix(expected + 1 - body.count)
        if body.count > expected { state = .refused }
    }
}

extension ContentLength {
    /// What the parameters in whole records of BEGIN_REQUEST and PARAMS say (section 3.4). Of two the last counts; an empty one counts as not
    /// sent. Where the pairs cannot be read nothing is known.
    fileprivate init(inRecords records: [UInt8]) {
        var pairs: [UInt8] = []
        records.withUnsafeBytes { bytes in
            var start = 0
            while start + RecordHeader.count <= bytes.count, let header = RecordHeader(UnsafeRawBufferPointer(rebasing: bytes[start...])) {
                let content = start + RecordHeader.count
                if header.type == FCGI_PARAMS { pairs += bytes[content..<min(content + header.contentCount, bytes.count)] }
                start = content + header.contentCount + header.paddingCount
            }
        }
        self = .unknown
        var rest = pairs[...]
        func length() -> Int? {
            guard let first = rest.popFirst() else { return nil }
            guard first & 0x80 != 0 else { return Int(first) }
            let others = rest.prefix(3)
            rest = rest.dropFirst(3)
            return others.count == 3 ? others.reduce(Int(first & 0x7F)) { $0 << 8 | Int($1) } : nil
        }
        while let nameCount = length(), let valueCount = length(), nameCount + valueCount <= rest.count {
            let name = rest.prefix(nameCount)
            let value = rest.dropFirst(nameCount).prefix(valueCount)
            rest = rest.dropFirst(nameCount + valueCount)
            if name.elementsEqual("CONTENT_LENGTH".utf8), !value.isEmpty { self = ContentLength(parsing: value) }
        }
    }
}
