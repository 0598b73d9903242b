/// What `CONTENT_LENGTH` says, and what follows from it: the one place where that is decided.
///
/// | CONTENT_LENGTH | body that arrives | answer |
/// |---|---|---|
/// | absent, empty or -1: not known | none | the responder's, on an empty body |
/// | not known | any | 411 `length_required` |
/// | a number up to the limit | exactly as long | the responder's |
/// | a number up to the limit | shorter (the client went away), longer, or not ended | 400 `bad_request` |
/// | a number over the limit | (not kept) | 413 `body_too_large` |
/// | negative but for -1, or no number | (not kept) | 400 `bad_request` |
///
/// Web servers send "not known" in three ways: nginx an empty value, Apache none, Caddy -1. A responder never sees half a body.
enum ContentLength: Equatable {
    case unknown
    case bytes(Int)
    case invalid

    init(parsing value: some Collection<UInt8>) {
        if value.isEmpty || value.elementsEqual("-1".utf8) {
            self = .unknown
        } else if value.allSatisfy({ (0x30...0x39).contains($0) }) {
            // So many digits that they do not fit are a length all the same, and over every limit.
            self = .bytes(Int(String(decoding: value, as: UTF8.self)) ?? .max)
        } else {
            self = .invalid
        }
    }

    /// How many bytes the body has to have, or why it is not read at all.
    func expected(limit: Int) throws(RefusedRequest) -> Int {
        switch self {
        case .unknown: return 0
        case .bytes(let count) where count > limit: throw .bodyTooLarge(limit: limit)
        case .bytes(let count): return count
        case .invalid: throw .badRequest("Content-Length is not a number of bytes.")
        }
    }

    /// Judges a body after `received` bytes were read: `expected`, or one more if there were more.
    func check(received: Int, expected: Int, isComplete: Bool) throws(RefusedRequest) {
        if received > expected {
            throw self == .unknown ? .lengthRequired : .badRequest("The body is longer than its Content-Length.")
        }
        guard received == expected, isComplete else { throw .badRequest("The body ended too early.") }
    }
}
