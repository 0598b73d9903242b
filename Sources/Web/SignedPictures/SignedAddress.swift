import FoundationEssentials
public import Jobs

/// Says which job a signed request is for; nil when the signature is not that of the payload. Called for each look at a picture.
///
/// The job's ID must be the same for the same payload for ever, and not to be guessed from the address.
public typealias SignedJob = @Sendable (_ payload: String, _ signature: [UInt8]) -> JobID?

/// The address of a picture that the operator has signed: `i/SIGNATURE/PAYLOAD.png` below the mount point.
///
/// The payload is the request's JSON, as of `POST api/jobs`, in base64url without padding (RFC 4648, section 5). It is signed as it stands.
public struct SignedAddress: Sendable, Equatable {
    /// The request, as the address carries it.
    public let payload: String
    /// The bytes of the signature.
    public let signature: [UInt8]

    /// Signs a request. Equal requests have equal payloads, whatever the order of their members was.
    ///
    /// - Parameter sign: Gives the signature of a payload.
    public init(_ members: [String: JSONValue], sign: (String) -> [UInt8]) {
        payload = Base64URL.encode(JSONWriter.bytes(of: JSONValue.object(members)))
        signature = sign(payload)
    }

    /// Reads the last two parts of an address; nil when they are none.
    init?(signature: String, file: String) {
        guard file.hasSuffix(".png"), let signature = Base64URL.decode(signature) else { return nil }
        self.payload = String(file.dropLast(4))
        self.signature = signature
    }

    /// The address below the mount point, without a slash at its start.
    public var path: String { "i/\(Base64URL.encode(signature))/\(payload).png" }

    /// What is asked for. Throws ``Refusal`` (400) when that is no JSON object.
    func members() throws(Refusal) -> [String: JSONValue] {
        guard let json = Base64URL.decode(payload) else { throw Refusal(.brokenBody(.notEncoded)) }
        return try JSONInput.members(of: json)
    }
}

/// RFC 4648, section 5, without padding.
enum Base64URL {
    static func encode(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// Nil for text that is none, or has padding.
    static func decode(_ text: String) -> [UInt8]? {
        guard !text.utf8.contains(where: { "+/=".utf8.contains($0) }) else { return nil }
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        return Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)).map(Array.init)
    }
}
