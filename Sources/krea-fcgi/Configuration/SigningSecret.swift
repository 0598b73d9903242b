import Digests
import FoundationEssentials
import Jobs

/// The secret that signs addresses of pictures.
///
/// Printing it, or anything that holds it, prints "(hidden)", in a log and in a debugger too.
struct SigningSecret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    static let variable = "KREA_FCGI_SIGNING_SECRET"

    private let key: HMACKey

    /// Reads the base64 of 32 to 64 bytes; nil for anything else.
    init?(_ text: String) {
        guard let bytes = Data(base64Encoded: text), (32...64).contains(bytes.count) else { return nil }
        key = HMACKey(bytes)
    }

    /// Reads the secret; nil if it is not set. White space around it is ignored.
    ///
    /// - Throws: ``InvalidSetting`` if it is invalid.
    static func read(_ source: ConfigurationSource) throws(InvalidSetting) -> SigningSecret? {
        let text = (source.text(of: variable) ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !text.isEmpty else { return nil }
        if let secret = SigningSecret(text) { return secret }
        throw InvalidSetting(description: "\(variable) must be the base64 of 32 to 64 random bytes (its value is not shown).")
    }

    /// The line about the setting, which never shows the secret.
    static func line(_ secret: SigningSecret?, _ source: ConfigurationSource) -> SettingLine {
        .secret(
            variable, isSet: secret != nil, "the secret that signs addresses of pictures", "the base64 of 32 to 64 random bytes", source)
    }

    /// The signature of a payload, 32 bytes.
    func signature(of payload: String) -> [UInt8] {
        key.code(of: Self.signed(payload))
    }

    /// The job of a payload; nil if the signature is wrong. Compares in constant time.
    func job(of payload: String, signedWith signature: [UInt8]) -> JobID? {
        guard key.isCode(signature, of: Self.signed(payload)) else { return nil }
        return JobID(hash: key.code(of: "krea-fcgi job 1 \(payload)".utf8))
    }

    /// The text that is signed. Its label differs from that of IDs, so that no signature reveals an ID.
    private static func signed(_ payload: String) -> [UInt8] { Array("krea-fcgi picture 1 \(payload)".utf8) }

    /// "(hidden)"
    var description: String { "(hidden)" }
    /// "(hidden)"
    var debugDescription: String { description }
    /// Nothing inside.
    var customMirror: Mirror { Mirror(self, children: []) }
}
