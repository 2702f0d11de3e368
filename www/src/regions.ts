// Guest API reference, section 2.2. Most regions' domain is `{name}.pure.cloud`; the older ones have one more.

const plain = "usw2 cac1 mxc1 sae1 euw2 euc2 mec1 aps1 apse1 apne2 apne3";

const named: Record<string, string> = {
  prod: "mypurecloud.com",
  "prod-use1": "mypurecloud.com",
  "prod-euw1": "mypurecloud.ie",
  "prod-euc1": "mypurecloud.de",
  "prod-apse2": "mypurecloud.com.au",
  "prod-apne1": "mypurecloud.jp",
  "fedramp-use2-core": "use2.us-gov-pure.cloud",
  "fedramp-use2": "use2.us-gov-pure.cloud",
  "eusc-edee1-core": "edee1.eusc-pure.cloud",
};

const secondDomains = "use1.pure.cloud euw1.pure.cloud euc1.pure.cloud apse2.pure.cloud apne1.pure.cloud";

for (const name of plain.split(" ")) named[`prod-${name}`] = `${name}.pure.cloud`;
const domains = [...Object.values(named), ...secondDomains.split(" ")];

/** The domain of a region given by its name or by one of its domains, in any case; undefined when there is none. */
export function regionDomain(environment: string): string | undefined {
  const name = environment.toLowerCase();
  if (domains.includes(name)) return name;
  if (Object.hasOwn(named, name)) return named[name];
  return Object.hasOwn(named, `prod-${name}`) ? named[`prod-${name}`] : undefined;
}
