import Foundation
package import Jobs

/// Values on their way through JSON.
package enum JSONDecoding {
    /// The value after it was written as JSON and read again.
    package static func roundTrip<Value: Codable>(_ value: Value) throws -> Value {
        try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
    }

    /// What a text in JSON says.
    package static func value(_ bytes: [UInt8]) throws -> JSONValue { try JSONDecoder().decode(JSONValue.self, from: Data(bytes)) }
}
