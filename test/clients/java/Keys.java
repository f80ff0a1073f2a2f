/** A broker with users, who must sign. */
final class Keys {
  static final String CONFIG = """
      users:
        - name: operator
          admin: true
          access-keys: [{ id: AKIAOPERATOR, secret: "secret/of+the=operator" }]
        - name: shop
          access-keys: [{ id: AKIASHOP, secret: secret of the shop }]
          policy:
            - { Effect: Allow, Action: [send, "sqs:GetQueueUrl"], Resource: "orders*" }
      """;
  static final Key OPERATOR = new Key("AKIAOPERATOR", "secret/of+the=operator");
  static final Key SHOP = new Key("AKIASHOP", "secret of the shop");
  static final Key UNKNOWN = new Key("AKIANOBODY", "secret");
  static final Key WRONG = new Key("AKIASHOP", "secret/of+the=operator");

  record Key(String id, String secret) {}

  private Keys() {}
}
