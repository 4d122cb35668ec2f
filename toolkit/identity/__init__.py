"""Another's word on who somebody is, behind one small interface: OpenID Connect."""
