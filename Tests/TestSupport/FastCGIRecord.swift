/// One record of the FastCGI protocol, byte for byte (FastCGI specification, section 3.3).
public struct FastCGIRecord: Equatable, Sendable {
    /// The type of a record (section 8); the raw value is what stands on the wire.
    public enum Kind: UInt8, Sendable {
        /// The types that web servers and responders use.
        case beginRequest = 1
        case abortRequest, endRequest, parameters, standardInput, standardOutput, standardError, data, getValues, getValuesResult
    }

    /// The type.
    public var kind: Kind
    /// The request that it belongs to; 0 for management records.
    public var requestID: UInt16
    /// Up to 65,535 bytes.
    public var content: [UInt8]
    /// How many bytes of padding follow the content.
    public var padding: UInt8

    /// Makes a record of its parts.
    public init(_ kind: Kind, _ content: [UInt8] = [], requestID: UInt16 = 1, padding: UInt8 = 0) {
        self.kind = kind
        self.requestID = requestID
        self.content = content
        self.padding = padding
    }

    /// The record as it is sent.
    public var bytes: [UInt8] {
        let count = UInt16(content.count)
        let header: [UInt8] = [1, kind.rawValue] + Self.bigEndian(requestID) + Self.bigEndian(count) + [padding, 0]
        return header + content + [UInt8](repeating: 0xAA, count: Int(padding))
    }

    /// Begins a request. `role`: 1 is the responder.
    public static func begin(role: UInt16 = 1, isKept: Bool = false) -> FastCGIRecord {
        FastCGIRecord(.beginRequest, bigEndian(role) + [isKept ? 1 : 0, 0, 0, 0, 0, 0])
    }

    /// Name-value pairs (section 3.4), in the short form of a length where it fits, unless `isLong`.
    public static func pairs(_ pairs: KeyValuePairs<String, String>, isLong: Bool = false) -> [UInt8] {
        pairs.flatMap { name, value in pair(Array(name.utf8), Array(value.utf8), isLong: isLong) }
    }

    /// One pair of any bytes.
    public static func pair(_ name: [UInt8], _ value: [UInt8], isLong: Bool) -> [UInt8] {
        length(name.count, isLong) + length(value.count, isLong) + name + value
    }

    private static func length(_ count: Int, _ isLong: Bool) -> [UInt8] {
        if count < 128 && !isLong { return [UInt8(count)] }
        let marked = UInt32(count) | 0x8000_0000
        return [UInt8(marked >> 24), UInt8(marked >> 16 & 255), UInt8(marked >> 8 & 255), UInt8(marked & 255)]
    }

    private static func bigEndian(_ number: UInt16) -> [UInt8] {
        [UInt8(number >> 8), UInt8(number & 255)]
    }
}
