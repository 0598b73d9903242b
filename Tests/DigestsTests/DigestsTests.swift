import Digests
import Testing

/// Hashes and codes are those of the standards.
@Suite struct DigestsTests {
    private func hex(_ bytes: [UInt8]) -> String { bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }

    /// FIPS 180-4's examples, and the hash of nothing.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `a hash is SHA-256, in one part and in many`(text: String, expected: String) {
        #expect(hex(SHA256.hash(text.utf8)) == expected)
        let parts = SHA256()
        for byte in text.utf8 { parts.update([byte]) }
        #expect(hex(parts.finalize()) == expected)
    }

    /// RFC 4231, test cases 1, 2 and 6 (a key longer than a block).
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0B, count: 20), "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (Array("Jefe".utf8), "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        (
            [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ])
    func `a code is HMAC-SHA-256, and no other is taken for it`(key: [UInt8], message: String, expected: String) {
        let key = HMACKey(key)
        var code = key.code(of: message.utf8)
        #expect(hex(code) == expected)
        #expect(key.isCode(code, of: message.utf8))
        #expect(!key.isCode(code, of: (message + ".").utf8))
        #expect(!key.isCode(Array(code.dropLast()), of: message.utf8))
        code[31] ^= 1
        #expect(!key.isCode(code, of: message.utf8))
    }

    @Test func `a key is equal to itself alone, and not printed`() {
        let key = HMACKey("secret".utf8)
        #expect(key == HMACKey("secret".utf8))
        #expect(key != HMACKey("secreT".utf8))
        #expect(key != HMACKey("secrets".utf8))
        var dumped = ""
        dump(key, to: &dumped)
        #expect(!"\(key) \(String(reflecting: key)) \(dumped)".contains("115"))
    }
}
