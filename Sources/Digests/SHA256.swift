// SHA-256 and HMAC on OpenSSL's libcrypto, which the distribution keeps up to date. This module must not know what is hashed or signed.
// Another algorithm is another file here.

import CCrypto

/// Hashes bytes with SHA-256 (FIPS 180-4) part by part.
public final class SHA256 {
    /// The length of a hash.
    public static let byteCount = 32

    private let context: OpaquePointer

    /// A hash of no bytes yet.
    public init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            fatalError("no SHA-256 in libcrypto")
        }
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    /// Adds the next bytes.
    public func update(_ bytes: [UInt8]) {
        guard EVP_DigestUpdate(context, bytes, bytes.count) == 1 else { fatalError("libcrypto cannot hash") }
    }

    /// The hash of all bytes. Call it once, as the last call.
    public func finalize() -> [UInt8] {
        var hash = [UInt8](repeating: 0, count: Self.byteCount)
        guard EVP_DigestFinal_ex(context, &hash, nil) == 1 else { fatalError("libcrypto cannot hash") }
        return hash
    }

    /// The hash of `bytes`.
    public static func hash(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let hash = SHA256()
        hash.update(Array(bytes))
        return hash.finalize()
    }
}
