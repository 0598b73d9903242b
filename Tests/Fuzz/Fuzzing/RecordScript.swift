import TestSupport

/// What a peer sends on one connection, written as lines: well-formed records with any contents, and raw bytes.
///
///     B role flags id    BEGIN_REQUEST; numbers that are missing are those of a usual request
///     P NAME=value       a parameter; p has its lengths in the long form, L n m has lengths alone
///     ;                  the parameters so far as a record; . also the end of their stream
///     I text             a record of the body; J n one of n bytes, E its end
///     A                  ABORT_REQUEST
///     R type id text     any record
///     N id, + n          from here on: the request's ID, the padding
///     |                  what there is so far is sent by itself
///
/// Any other line is sent as it is, with its escapes decoded.
struct RecordScript {
    /// What is sent, one after the other.
    private(set) var parts: [[UInt8]] = [[]]
    private var pairs: [UInt8] = []
    private var id: UInt16 = 1
    private var padding: UInt8 = 0

    init(_ input: [UInt8]) {
        for line in input.split(separator: UInt8(ascii: "\n")).prefix(200) { take(line) }
        flush()
    }

    private mutating func take(_ line: ArraySlice<UInt8>) {
        let rest = line.dropFirst(2)
        let numbers = String(decoding: rest, as: UTF8.self).split(separator: " ").prefix(3).map { Int($0) ?? 0 }
        func number(_ index: Int, _ usual: Int) -> Int { index < numbers.count ? numbers[index] : usual }
        switch line.first.map({ Character(Unicode.Scalar($0)) }) {
        case "B":
            id = UInt16(truncatingIfNeeded: number(2, 1))
            var record = FastCGIRecord.begin(role: UInt16(truncatingIfNeeded: number(0, 1)))
            record.content[2] = UInt8(truncatingIfNeeded: number(1, 1))
            send(record)
        case "P": pairs += Self.pair(rest, isLong: false)
        case "p": pairs += Self.pair(rest, isLong: true)
        case "L":
            for index in 0...1 {
                let length = UInt32(truncatingIfNeeded: number(index, 1)) | 0x8000_0000
                pairs += (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) }
            }
        case ";": flush()
        case ".":
            flush()
            send(.parameters, [])
        case "I": send(.standardInput, Escapes.decoded(rest))
        case "J": send(.standardInput, [UInt8](repeating: 0x78, count: Int(UInt16(truncatingIfNeeded: number(0, 1)))))
        case "E": send(.standardInput, [])
        case "A": send(.abortRequest, [])
        case "R":
            let content = rest.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false).dropFirst(2).first ?? []
            var record = FastCGIRecord(
                .data, Escapes.decoded(content), requestID: UInt16(truncatingIfNeeded: number(1, 0)), padding: padding
            ).bytes
            record[1] = UInt8(truncatingIfNeeded: number(0, 9))
            append(record)
        case "N": id = UInt16(truncatingIfNeeded: number(0, 1))
        case "+": padding = UInt8(truncatingIfNeeded: number(0, 7))
        case "|": parts.append([])
        default: append(Escapes.decoded(line))
        }
    }

    private static func pair(_ text: ArraySlice<UInt8>, isLong: Bool) -> [UInt8] {
        let sides = Escapes.decoded(text).split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
        return FastCGIRecord.pair(Array(sides[0]), Array(sides.dropFirst().first ?? []), isLong: isLong)
    }

    private mutating func flush() {
        guard !pairs.isEmpty else { return }
        send(.parameters, Array(pairs.prefix(65_535)))
        pairs = []
    }

    private mutating func send(_ kind: FastCGIRecord.Kind, _ content: [UInt8]) {
        send(FastCGIRecord(kind, content, requestID: id, padding: padding))
    }

    private mutating func send(_ record: FastCGIRecord) {
        var record = record
        record.requestID = id
        append(record.bytes)
    }

    private mutating func append(_ bytes: [UInt8]) { parts[parts.count - 1] += bytes }
}
