/// What libfcgi is known not to survive, and who may connect to the socket is trusted not to send (README, Security).
///
/// It is looked for at any place: where libfcgi finds a record depends on how bytes arrive.
enum LibraryWeakness {
    /// Whether any of it could be in what a peer sends.
    static func isMet(by bytes: [UInt8]) -> Bool {
        asksForTooMuch(bytes) || hasTooLongPair(bytes) || hasTooLongPair(parameters(of: bytes))
    }

    /// A question for values (FCGI_GET_VALUES) whose answer goes beyond libfcgi's 56 bytes, or with a name that has a zero byte.
    private static func asksForTooMuch(_ bytes: [UInt8]) -> Bool {
        let header: [UInt8] = [1, 9, 0, 0]
        var rest = bytes[...]
        while let start = rest.firstIndex(of: header[0]), start + 8 <= bytes.count {
            rest = bytes[(start + 1)...]
            guard bytes[start...].starts(with: header) else { continue }
            let count = Int(bytes[start + 4]) << 8 | Int(bytes[start + 5])
            if !isShortQuestion(bytes[(start + 8)...].prefix(count)) { return true }
        }
        return false
    }

    /// Three names of up to 14 bytes fit.
    private static func isShortQuestion(_ content: ArraySlice<UInt8>) -> Bool {
        var rest = content
        var count = 0
        while let name = rest.popFirst(), let value = rest.popFirst() {
            guard name < 128, value < 128, count < 3, !rest.prefix(Int(name)).contains(0) else { return false }
            rest = rest.dropFirst(Int(name) + Int(value))
            count += 1
        }
        return true
    }

    /// A name and a value that have 2 GiB together, which is more than libfcgi's `int` holds.
    private static func hasTooLongPair(_ bytes: [UInt8]) -> Bool {
        // One of the two needs a length in the long form, with most of its bits set.
        var rest = bytes[...]
        while let long = rest.firstIndex(where: { $0 >= 0xC0 }) {
            rest = bytes[(long + 1)...]
            for start in max(0, long - 4)...long {
                var rest = bytes[start...].prefix(8)
                if let name = length(&rest), let value = length(&rest), name + value + 2 > Int(Int32.max) { return true }
            }
        }
        return false
    }

    private static func length(_ bytes: inout ArraySlice<UInt8>) -> Int? {
        guard let first = bytes.popFirst() else { return nil }
        guard first >= 0x80 else { return Int(first) }
        guard bytes.count >= 3 else { return nil }
        defer { bytes = bytes.dropFirst(3) }
        return bytes.prefix(3).reduce(Int(first & 0x7F)) { $0 << 8 | Int($1) }
    }

    /// The contents of all FCGI_PARAMS records, one after the other: a pair may lie across two.
    private static func parameters(of bytes: [UInt8]) -> [UInt8] {
        var rest = bytes[...]
        var contents: [UInt8] = []
        while rest.count >= 8 {
            let header = Array(rest.prefix(8))
            let count = Int(header[4]) << 8 | Int(header[5])
            if header[1] == 4 { contents += rest.dropFirst(8).prefix(count) }
            rest = rest.dropFirst(8 + count + Int(header[6]))
        }
        return contents
    }
}
