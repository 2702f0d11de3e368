// Guest API reference, section 2.2.

/** The regions that have the domain `{name}.pure.cloud`, as their only one or as their second. */
const names = "use1 usw2 cac1 mxc1 sae1 euw1 euw2 euc1 euc2 mec1 aps1 apse1 apse2 apne1 apne2 apne3".split(" ");

/** The first domain of those that have two, and the only one of those that are named in another way. */
const firstDomains: Record<string, string> = {
  prod: "mypurecloud.com",
  use1: "mypurecloud.com",
  euw1: "mypurecloud.ie",
  euc1: "mypurecloud.de",
  apse2: "mypurecloud.com.au",
  apne1: "mypurecloud.jp",
  "fedramp-use2": "use2.us-gov-pure.cloud",
  "fedramp-use2-core": "use2.us-gov-pure.cloud",
  "eusc-edee1-core": "edee1.eusc-pure.cloud",
};

const pureCloud = (name: string) => `${name}.pure.cloud`;

/** The domain of a region given by its name, "prod-" or not, or by one of its domains; in any case. Undefined when there is none. */
export function regionDomain(environment: string): string | undefined {
  const text = environment.toLowerCase();
  const name = text.replace(/^prod-/, "");
  if ([...Object.values(firstDomains), ...names.map(pureCloud)].includes(text)) return text;
  if (Object.hasOwn(firstDomains, name)) return firstDomains[name];
  return names.includes(name) ? pureCloud(name) : undefined;
}
