import HTTPTypes
import Jobs

/// How a program says where it wants to be told of its job's end.
enum WebhookAddress {
    /// The member of a request.
    static let member = "webhook_url"
    /// Krea's own header field, which means the same.
    static let field = HTTPField.Name("X-Webhook-URL")!
}

extension RequestContext {
    /// Takes the address out of the members of a request, or from the header field.
    ///
    /// Throws `InvalidRequest` when it may not be called, or when two are given.
    func takeWebhook(from members: inout [String: JSONValue]) throws(InvalidRequest) -> String? {
        let (member, field) = (WebhookAddress.member, WebhookAddress.field)
        let hosts = links.settings.webhookHosts
        let fromMember = try hosts.address(members.removeValue(forKey: member), named: member)
        let fromField = try hosts.address(request.headerFields[field].map(JSONValue.string), named: field.rawName)
        guard let fromMember, let fromField, fromMember != fromField else { return fromMember ?? fromField }
        throw InvalidRequest(member, .givenTwice(field.rawName))
    }
}
