import FoundationEssentials
import Jobs
import PlainText

/// Where JSON is written that is not asked for all the time; see ``JSONWriter``.
enum JSONOutput {
    /// The value as JSON with snake_case members in a stable order, so that equal values give equal bytes.
    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(String(decoding: try encoder.encode(value), as: UTF8.self).printableJSON.utf8)
    }

    /// What a ``JSONWriter`` writes, as a part of other JSON.
    static func value(_ value: some JSONWritable) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(JSONWriter.bytes(of: value)))
    }
}
