import FoundationEssentials
public import Jobs

/// Finds the job of a signed request; nil if the signature is wrong. Called for each view of a picture.
///
/// The same payload must always give the same ID, and the address must not reveal it.
public typealias SignedJob = @Sendable (_ payload: String, _ signature: [UInt8]) -> JobID?

/// The address of a picture that the operator has signed: `i/SIGNATURE/PAYLOAD.png` below the mount point.
///
/// The payload is the request's JSON, as of `POST api/jobs`, in base64url without padding (RFC 4648, section 5). The signature covers it as it is.
public struct SignedAddress: Sendable, Equatable {
    /// The encoded request.
    public let payload: String
    /// The bytes of the signature.
    public let signature: [UInt8]

    /// Signs a request. Equal requests have equal payloads.
    ///
    /// - Parameter sign: Gives the signature of a payload.
    public init(_ members: [String: JSONValue], sign: (String) -> [UInt8]) {
        payload = Base64URL.encode(JSONWriter.bytes(of: JSONValue.object(members)))
        signature = sign(payload)
    }

    /// Reads the last two parts of an address; nil if they are malformed.
    init?(signature: String, file: String) {
        guard file.hasSuffix(".png"), let signature = Base64URL.decode(signature) else { return nil }
        self.payload = String(file.dropLast(4))
        self.signature = signature
    }

    /// The address below the mount point, without a slash at its start.
    public var path: String { "i/\(Base64URL.encode(signature))/\(payload).png" }

    /// The request's members. Throws ``Refusal`` (400) if it is not a JSON object.
    func members() throws(Refusal) -> [String: JSONValue] {
        guard let json = Base64URL.decode(payload) else { throw Refusal(.brokenBody(.notEncoded)) }
        return try JSONInput.members(of: json)
    }
}

/// Base64url without padding (RFC 4648, section 5).
enum Base64URL {
    static func encode(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// Nil for text that is not base64url or has padding.
    static func decode(_ text: String) -> [UInt8]? {
        guard !text.utf8.contains(where: { "+/=".utf8.contains($0) }) else { return nil }
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        return Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)).map(Array.init)
    }
}
