/** Of the tests' own https endpoints, signed by itself: for localhost, endpoint.example and 127.0.0.1, until 2120. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBfTCCASOgAwIBAgIBATAKBggqhkjOPQQDAjAWMRQwEgYDVQQDDAtHYW50cnkg
dGVzdDAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowFjEUMBIGA1UE
AwwLR2FudHJ5IHRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATheKpjvtzw
fzgpjtVYbGu9l33RXbedOl7M3AxD7mQdmODaiRvrh6468KT0NIIEBCrQ1/UmZHV0
1iODm07ym+zOo2AwXjAPBgNVHRMBAf8EBTADAQH/MB0GA1UdDgQWBBQ0JKXbPU4C
4LgXabv2pgHi92b3+TAsBgNVHREEJTAjgglsb2NhbGhvc3SCEGVuZHBvaW50LmV4
YW1wbGWHBH8AAAEwCgYIKoZIzj0EAwIDSAAwRQIhAK2eaXZCJ74A/itBnBBkfegA
ckVrtKylPJyICd90h1n8AiAzwrhP1DsDp7xWxfgjAbBwPOfbcdvlROjJ/PQg9a0R
Jw==
-----END CERTIFICATE-----
`;

/** Guards nothing but these tests. */
export const privateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjXRP6M6SUIk+xMhH
Dn4etk5NghhRpmYlNwVW/L52lZyhRANCAATheKpjvtzwfzgpjtVYbGu9l33RXbed
Ol7M3AxD7mQdmODaiRvrh6468KT0NIIEBCrQ1/UmZHV01iODm07ym+zO
-----END PRIVATE KEY-----
`;
