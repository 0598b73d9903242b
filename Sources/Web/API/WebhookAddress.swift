import HTTPTypes
import Jobs

/// The address at which a program is notified of its job's end.
enum WebhookAddress {
    /// A member of the request.
    static let member = "webhook_url"
    /// Krea's own header with the same meaning.
    static let field = HTTPField.Name("X-Webhook-URL")!
}

extension RequestContext {
    /// Takes the address out of the request's members, or from the header.
    ///
    /// Throws `InvalidRequest` if the address is not allowed, or if two are given.
    func takeWebhook(from members: inout [String: JSONValue]) throws(InvalidRequest) -> String? {
        let (member, field) = (WebhookAddress.member, WebhookAddress.field)
        let hosts = links.settings.webhookHosts
        let fromMember = try hosts.address(members.removeValue(forKey: member), named: member)
        let fromField = try hosts.address(request.headerFields[field].map(JSONValue.string), named: field.rawName)
        guard let fromMember, let fromField, fromMember != fromField else { return fromMember ?? fromField }
        throw InvalidRequest(member, .givenTwice(field.rawName))
    }
}
