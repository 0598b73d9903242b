/// A member that is written as `null` where there is nothing, while an ordinary optional would be left out.
@propertyWrapper
public struct Nullable<Value: Encodable>: Encodable {
    /// What there is.
    public var wrappedValue: Value?

    /// A member.
    public init(wrappedValue: Value?) {
        self.wrappedValue = wrappedValue
    }

    /// Writes the value, or `null`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wrappedValue)
    }
}

extension Nullable: Sendable where Value: Sendable {}
