import Digests
import FoundationEssentials
import Jobs

/// The secret with which addresses of pictures are signed. It is shown nowhere.
///
/// Printing it, or anything that holds it, prints "(hidden)", also in a log or a debugger.
struct SigningSecret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    static let variable = "KREA_FCGI_SIGNING_SECRET"

    private let key: HMACKey

    /// Reads the base64 of 32 to 64 bytes; nil for anything else.
    init?(_ text: String) {
        guard let bytes = Data(base64Encoded: text), (32...64).contains(bytes.count) else { return nil }
        key = HMACKey(bytes)
    }

    /// Reads the secret; nil when there is none. White space around it, as a file or a paste brings along, does not count.
    ///
    /// - Throws: ``InvalidSetting`` when it is none.
    static func read(_ source: ConfigurationSource) throws(InvalidSetting) -> SigningSecret? {
        let text = (source.text(of: variable) ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !text.isEmpty else { return nil }
        if let secret = SigningSecret(text) { return secret }
        throw InvalidSetting(description: "\(variable) must be the base64 of 32 to 64 random bytes (its value is not shown).")
    }

    /// The line about it, which never shows it.
    static func line(_ secret: SigningSecret?, _ source: ConfigurationSource) -> SettingLine {
        .secret(variable, isSet: secret != nil, "what addresses of pictures are signed with", "the base64 of 32 to 64 random bytes", source)
    }

    /// The signature of a payload: 32 bytes.
    func signature(of payload: String) -> [UInt8] {
        key.code(of: Self.signed(payload))
    }

    /// The job of a payload with this signature; nil when it is not that of the payload, found out in constant time.
    func job(of payload: String, signedWith signature: [UInt8]) -> JobID? {
        guard key.isCode(signature, of: Self.signed(payload)) else { return nil }
        return JobID(hash: key.code(of: "krea-fcgi job 1 \(payload)".utf8))
    }

    /// The labels differ, so that no signature is a part of an ID.
    private static func signed(_ payload: String) -> [UInt8] { Array("krea-fcgi picture 1 \(payload)".utf8) }

    /// "(hidden)"
    var description: String { "(hidden)" }
    /// "(hidden)"
    var debugDescription: String { description }
    /// Nothing inside.
    var customMirror: Mirror { Mirror(self, children: []) }
}
